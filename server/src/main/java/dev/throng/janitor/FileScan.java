package dev.throng.janitor;

import dev.throng.janitor.SoughtTokens.Scan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the bytes of every file below some folders. Each entry of a folder is a place. */
public final class FileScan {
  private static final int BUFFER_BYTES = 1 << 16;

  private static final class Place {
    private final Scan scan;
    private long files;
    private String failure = "";

    Place(Scan scan) {
      this.scan = scan;
    }
  }

  private FileScan() {}

  /**
   * Searches for the tokens. A file that is deleted in the meantime is ignored.
   *
   * @param roots folders, and single files
   */
  public static List<PlaceCheck> of(List<Path> roots, SoughtTokens sought) {
    Map<String, Place> places = new TreeMap<>();
    for (Path root : roots) {
      if (Files.exists(root)) {
        visit(root, sought, places);
      }
    }
    List<PlaceCheck> checks = new ArrayList<>();
    places.forEach((name, place) ->
        checks.add(new PlaceCheck(name, place.files, "files", place.scan.found(), place.failure)));
    return checks;
  }

  private static void visit(Path root, SoughtTokens sought, Map<String, Place> places) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Place place =
                  places.computeIfAbsent(
                      "file " + entry(root, file), name -> new Place(sought.scan()));
              if (attributes.isRegularFile()) {
                read(root, file, place);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // deleted in the meantime
            }
          });
    } catch (IOException e) {
      places.computeIfAbsent("file " + root.getFileName(), name -> new Place(sought.scan()))
              .failure =
          e.toString();
    }
  }

  private static Path entry(Path root, Path file) {
    return file.equals(root) ? root.getFileName() : root.relativize(file).getName(0);
  }

  /** Reads a file and its name. */
  private static void read(Path root, Path file, Place place) {
    place.scan.text(root.relativize(file).toString());
    place.scan.startAnew();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        place.scan.more(buffer, length);
      }
      place.files++;
    } catch (IOException e) {
      if (Files.exists(file)) {
        place.failure = "%s: %s".formatted(file, e);
      }
    }
  }
}
