package dev.throng.backend.onnx;

import dev.throng.core.UnpackedResources;
import java.util.Locale;

/**
 * Tells ONNX Runtime and the tokenizer's library where their native code is: by themselves, the one
 * unpacks it at each start, and the other into the user's home.
 */
final class NativeLibraries {
  private NativeLibraries() {}

  /** Must run before the first use of either; what a jar lacks for this system is left to them. */
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
   * @param intel what the library calls a 64-bit Intel processor
   */
  private static String cpu(String intel) {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") || name.equals("x86_64") ? intel : name;
  }
}
