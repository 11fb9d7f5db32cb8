package dev.throng.deploy;

import dev.throng.it.Command;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A copy of this repository's sources, which is built beside it. */
final class Sources {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "throng-data");

  private final Path folder;

  private Sources(Path folder) {
    this.folder = folder;
  }

  /** Copies them to a folder, which is created. */
  static Sources copy(Path folder) throws IOException {
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (NOT_SOURCES.contains(from.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(folder.resolve(REPOSITORY.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(from, folder.resolve(REPOSITORY.relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
    return new Sources(folder);
  }

  void setVersion(String version) throws IOException {
    Path pom = folder.resolve("pom.xml");
    String changed =
        Files.readString(pom)
            .replaceFirst("<revision>[^<]*</revision>", "<revision>" + version + "</revision>");
    Files.writeString(pom, changed);
  }

  /** Returns the archive that {@code throng dist} makes of them. */
  Path distribution() throws IOException {
    var _ = Command.run(folder, Map.of(), List.of(folder.resolve("throng").toString(), "dist"));
    try (Stream<Path> built = Files.list(folder.resolve("server/target"))) {
      return built
          .filter(file -> file.toString().endsWith(".tar.gz"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no archive below " + folder));
    }
  }

  /** Unpacks an archive, and returns the folder that is in it. */
  static Path unpack(Path distribution, Path into) {
    var _ = Command.run(List.of("tar", "xzf", distribution.toString(), "-C", into.toString()));
    return into.resolve(distribution.getFileName().toString().replace(".tar.gz", ""));
  }
}
