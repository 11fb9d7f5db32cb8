package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive that {@code throng dist} builds, from copies of the sources. */
@Timeout(600)
final class DistributionTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "throng-data");

  /** The Java modules that Throng needs, without a compiler. */
  private static final String RUNTIME_MODULES =
      "java.se,jdk.charsets,jdk.crypto.ec,jdk.httpserver,jdk.incubator.vector,jdk.localedata,jdk.management,"
          + "jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs";

  private static final String FAILING_MAVEN = "#!/bin/sh\necho 'Maven was called' >&2; exit 1\n";

  /** Lines of NOTICE are group:artifact:version: licence. */
  private static final int ARTIFACT_FIELD = 1;

  private static final int VERSION_FIELD = 2;

  @TempDir Path folder;

  @Test
  void equalSourcesGiveEqualArchivesThatRunWithoutBuildTools()
      throws IOException, InterruptedException {
    Path archive = distribution("first");
    assertEquals(-1, Files.mismatch(archive, distribution("second")), "the two builds differ");

    run(folder, Map.of(), "tar", "xzf", archive.toString());
    Path home = folder.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
    for (String file : List.of("LICENSE", "NOTICE", "README.md", "docs/guide/operate.md")) {
      assertTrue(Files.isRegularFile(home.resolve(file)), file);
    }
    assertNoticeNamesEveryLibrary(home);

    Map<String, String> environment = withoutBuildTools();
    String launcher = home.resolve("throng").toString();
    String data = folder.resolve("data").toString();
    String documents = home.resolve("examples/handbook").toString();
    run(folder, environment, launcher, "ingest", documents, "--data", data);
    String answer =
        run(
            folder,
            environment,
            launcher,
            "ask",
            "How big may an email attachment be?",
            "--data",
            data);
    assertTrue(answer.contains("35 MB"), answer);
    assertFalse(answer.contains("Maven was called"), answer);
  }

  private Path distribution(String name) throws IOException, InterruptedException {
    Path sources = folder.resolve(name);
    copySources(sources);
    run(sources, Map.of(), sources.resolve("throng").toString(), "dist");
    try (Stream<Path> built = Files.list(sources.resolve("server/target"))) {
      return built
          .filter(file -> file.toString().endsWith(".tar.gz"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no archive below " + sources));
    }
  }

  private static void copySources(Path target) throws IOException {
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (NOT_SOURCES.contains(from.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(target.resolve(REPOSITORY.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(from, target.resolve(REPOSITORY.relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void assertNoticeNamesEveryLibrary(Path home) throws IOException {
    Set<String> named =
        Files.readAllLines(home.resolve("NOTICE")).stream()
            .map(line -> line.strip().split(":"))
            .filter(fields -> fields.length > VERSION_FIELD)
            .map(fields -> fields[ARTIFACT_FIELD] + "-" + fields[VERSION_FIELD])
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(home.resolve("lib"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar") && !name.startsWith("throng"))
          .forEach(name ->
              assertTrue(
                  named.stream().anyMatch(name::startsWith), () -> "NOTICE does not name " + name));
    }
  }

  /** A Java runtime, and a Maven that must not be used. */
  private Map<String, String> withoutBuildTools() throws IOException, InterruptedException {
    Path runtime = folder.resolve("runtime");
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    run(
        folder,
        Map.of(),
        jlink.toString(),
        "--add-modules",
        RUNTIME_MODULES,
        "--output",
        runtime.toString());
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path maven = Files.writeString(bin.resolve("mvn"), FAILING_MAVEN);
    assertTrue(maven.toFile().setExecutable(true));
    return Map.of(
        "JAVA_HOME",
        runtime.toString(),
        "PATH",
        bin + ":" + System.getenv("PATH"),
        "THRONG_GENERATOR",
        "extractive");
  }

  /** The output of a command that must succeed. */
  private static String run(Path in, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("throng", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), () -> "late: " + String.join(" ", command));
      String text = Files.readString(output);
      assertEquals(0, process.exitValue(), () -> String.join(" ", command) + "\n" + text);
      return text;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
