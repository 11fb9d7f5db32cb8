import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Removes native libraries for other platforms from jars; they are two thirds of what Throng is
 * distributed with. {@code java KeepNatives.java FOLDER ARCHITECTURE}, with Debian's name of the
 * architecture.
 */
final class KeepNatives {
  private static final Pattern NATIVE = Pattern.compile("\\.(a|dll|dylib|jnilib|pdb|so)$|\\.dSYM/");

  /** The folders of libraries for Linux with glibc. */
  private static final Map<String, Pattern> PLATFORMS =
      Map.of(
          "amd64", Pattern.compile("(?i)(^|/)linux[-/](amd64|x64|x86[-_]64)/"),
          "arm64", Pattern.compile("(?i)(^|/)linux[-/](aarch64|arm64)/"));

  private KeepNatives() {}

  public static void main(String[] arguments) throws IOException {
    Pattern kept = PLATFORMS.get(arguments[1]);
    if (kept == null) {
      throw new IllegalArgumentException(
          "architecture: \"%s\" (expected: one of %s)"
              .formatted(arguments[1], PLATFORMS.keySet()));
    }
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        rewrite(jar, kept);
      }
    }
  }

  private static void rewrite(Path jar, Pattern kept) throws IOException {
    try (ZipFile in = new ZipFile(jar.toFile())) {
      if (in.stream().allMatch(entry -> isKept(entry, kept))) {
        return;
      }
      Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
      try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
        for (ZipEntry entry : in.stream().filter(entry -> isKept(entry, kept)).toList()) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(entry.getTimeLocal());
          out.putNextEntry(copy);
          in.getInputStream(entry).transferTo(out);
          out.closeEntry();
        }
      }
      Files.delete(jar);
      Files.move(rewritten, jar);
    }
  }

  private static boolean isKept(ZipEntry entry, Pattern kept) {
    return !NATIVE.matcher(entry.getName()).find() || kept.matcher(entry.getName()).find();
  }
}
