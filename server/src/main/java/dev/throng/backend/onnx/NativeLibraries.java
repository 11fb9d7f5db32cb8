package dev.throng.backend.onnx;

import dev.throng.core.UnpackedResources;
import java.util.Locale;

/**
 * Sets the location of the native code of ONNX Runtime and the tokenizer. By default, one of them
 * unpacks it at each start, and the other unpacks it into the user's home.
 */
final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * Must run before the first use of either. A library that has no native code for this system uses
   * its own default.
   */
  static void locate(UnpackedResources resources) {
    String onnxRuntime = "/ai/onnxruntime/native/%s-%s/".formatted(system(), cpu("x64"));
    locate(
        resources,
        onnxRuntime + System.mapLibraryName("onnxruntime"),
        "onnxruntime.native.onnxruntime.path");
    locate(
        resources,
        onnxRuntime + System.mapLibraryName("onnxruntime4j_jni"),
        "onnxruntime.native.onnxruntime4j_jni.path");
    locate(
        resources,
        "/native/lib/%s-%s/cpu/%s"
            .formatted(system(), cpu("x86_64"), System.mapLibraryName("tokenizers")),
        "RUST_LIBRARY_PATH");
  }

  private static void locate(UnpackedResources resources, String resource, String property) {
    resources.file(resource).ifPresent(file -> System.setProperty(property, file.toString()));
  }

  private static String system() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "osx" : name.startsWith("windows") ? "win" : "linux";
  }

  /**
   * Returns the library's name of this processor architecture.
   *
   * @param intel the library's name of a 64-bit Intel processor
   */
  private static String cpu(String intel) {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") || name.equals("x86_64") ? intel : name;
  }
}
