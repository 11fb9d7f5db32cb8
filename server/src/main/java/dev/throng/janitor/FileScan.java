package dev.throng.janitor;

import dev.throng.janitor.SoughtTokens.Scan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the bytes of every file below some folders. Each entry of a folder has its own findings.
 */
public final class FileScan {
  private static final int BUFFER_BYTES = 1 << 16;

  private static final class Findings {
    private final Scan scan;
    private long files;
    private String failure = "";

    Findings(Scan scan) {
      this.scan = scan;
    }
  }

  private FileScan() {}

  /**
   * Searches for the tokens. Links are followed. A file that is deleted in the meantime is ignored,
   * and one that cannot be read is a failure.
   *
   * @param roots folders, and single files
   */
  public static List<PlaceCheck> of(List<Path> roots, SoughtTokens sought) {
    Map<String, Findings> byPlace = new TreeMap<>();
    for (Path root : roots) {
      if (Files.exists(root)) {
        visit(root, sought, byPlace);
      }
    }
    List<PlaceCheck> checks = new ArrayList<>();
    byPlace.forEach((name, findings) ->
        checks.add(
            new PlaceCheck(
                name, findings.files, "files", findings.scan.found(), findings.failure)));
    return checks;
  }

  private static void visit(Path root, SoughtTokens sought, Map<String, Findings> byPlace) {
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS), // logs are often links
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Findings findings = findings(root, file, sought, byPlace);
              if (attributes.isRegularFile()) {
                read(root, file, findings);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              boolean isSeen = e instanceof FileSystemLoopException; // it is below itself
              if (!isSeen && !(e instanceof NoSuchFileException)) {
                findings(root, file, sought, byPlace).failure = "%s: %s".formatted(file, e);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      findings(root, root, sought, byPlace).failure = e.toString();
    }
  }

  private static Findings findings(
      Path root, Path file, SoughtTokens sought, Map<String, Findings> byPlace) {
    return byPlace.computeIfAbsent(
        "file " + entry(root, file), name -> new Findings(sought.scan()));
  }

  private static Path entry(Path root, Path file) {
    return file.equals(root) ? root.getFileName() : root.relativize(file).getName(0);
  }

  /** Reads a file and its name. */
  private static void read(Path root, Path file, Findings findings) {
    findings.scan.text(root.relativize(file).toString());
    findings.scan.restart();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        findings.scan.more(buffer, length);
      }
      findings.files++;
    } catch (IOException e) {
      if (Files.exists(file)) {
        findings.failure = "%s: %s".formatted(file, e);
      }
    }
  }
}
