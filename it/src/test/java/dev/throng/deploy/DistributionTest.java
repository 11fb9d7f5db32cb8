package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import dev.throng.it.Command;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive that {@code throng dist} builds, from copies of the sources, and the container image
 * of it.
 */
@Timeout(1_200)
final class DistributionTest {
  private static final String FAILING_MAVEN = "#!/bin/sh\necho 'Maven was called' >&2; exit 1\n";

  /** Lines of NOTICE are group:artifact:version: licence. */
  private static final int ARTIFACT_FIELD = 1;

  private static final int VERSION_FIELD = 2;

  private static final long IMAGE_LIMIT_BYTES = 350_000_000;
  private static final Duration ANSWER_BOUND = Duration.ofMinutes(3);

  /** The JVM does not always write the same bytes into it. */
  private static final String QUESTION = "How big may an email attachment be?";

  @TempDir private static Path folder = Path.of("");

  private static Path archive;
  private static Image image;

  @BeforeAll
  static void build() throws IOException {
    archive = Sources.copy(folder.resolve("first")).distribution();
    image = new Image(buildImage(archive), Files.createDirectory(folder.resolve("image")));
  }

  private static Path buildImage(Path distribution, String... more) {
    List<String> command = new ArrayList<>();
    command.add(Sources.REPOSITORY.resolve("deploy/image/build").toString());
    command.add(distribution.toString());
    command.add(System.getProperty("java.home"));
    command.addAll(List.of(more));
    var _ = Command.run(command);
    return besides(distribution, "-image.tar");
  }

  /** Returns a file that was made of a distribution. */
  private static Path besides(Path distribution, String ending) {
    String name = distribution.getFileName().toString();
    return distribution.resolveSibling(name.replace(".tar.gz", ending));
  }

  @Test
  @Tag("long")
  void equalSourcesGiveEqualArchives() throws IOException {
    Path again = Sources.copy(folder.resolve("second")).distribution();
    assertEquals(-1, Files.mismatch(archive, again), "the two archives differ");
  }

  @Test
  @Tag("long")
  void equalArchivesGiveEqualImages() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy")).resolve(archive.getFileName());
    Files.copy(archive, copy);
    Path classes = besides(archive, "-image.classes");
    Path again = buildImage(copy, classes.toString());
    Image second = new Image(again, Files.createDirectory(folder.resolve("again")));
    assertEquals(List.of(), image.differences(second));
    assertEquals(
        -1, Files.mismatch(besides(archive, "-image.tar"), again), "their archives differ");
  }

  @Test
  void archiveRunsWithoutBuildTools() throws IOException {
    Path home = Sources.unpack(archive, folder);
    for (String file : List.of("LICENSE", "NOTICE", "README.md", "docs/guide/operate.md")) {
      assertTrue(Files.isRegularFile(home.resolve(file)), file);
    }
    assertNoticeNamesEveryLibrary(home);

    String launcher = home.resolve("throng").toString();
    String version = Command.run(folder, withoutBuildTools(), List.of(launcher, "--version"));
    assertFalse(version.contains("Maven was called"), version);
  }

  @Test
  void imageIsSmallAndHasABillOfMaterials() throws IOException {
    assertTrue(image.bytes() <= IMAGE_LIMIT_BYTES, image.bytes() + " bytes");
    File bill = image.root().resolve("opt/throng/sbom.cdx.json").toFile();
    assertEquals(List.of(), new JsonParser().validate(bill));
  }

  /** Besides, documents of all formats are parsed in a process of their own. */
  @Test
  void imageServesWithoutPrivilegesOnReadOnlyFiles() throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    Path data = Files.createDirectory(folder.resolve("image-data"));
    Path log = folder.resolve("image.log");
    Map<String, String> environment =
        Map.of(
            "THRONG_SERVER_PORT", Integer.toString(port),
            "THRONG_SERVER_INSECURE", "true",
            "THRONG_GENERATOR", "extractive");
    Process process =
        new ProcessBuilder(
                image.command(
                    data, environment, "serve", "--docs", "/opt/throng/examples/handbook"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Await.until("an answer", ANSWER_BOUND, () -> answer(port).contains("35 MB"));
      ProcessHandle server = server(process);
      String mapped = Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps"));
      assertTrue(mapped.contains("throng.jsa"), "the start-up cache is used");
      assertTrue(server.destroy());
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends when told to");
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(log);
    assertFalse(printed.contains("ERROR"), printed);
  }

  /** Returns the response to the question, or an empty text while nothing listens. */
  private static String answer(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/query".formatted(port)))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"query\": \"%s\"}".formatted(QUESTION)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The server, below the process that made its namespaces. */
  private static ProcessHandle server(Process process) {
    return process
        .descendants()
        .filter(each -> each.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .orElseThrow();
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

  /** The runtime of the image, and a Maven that must not be used. */
  private static Map<String, String> withoutBuildTools() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path maven = Files.writeString(bin.resolve("mvn"), FAILING_MAVEN);
    assertTrue(maven.toFile().setExecutable(true));
    return Map.of(
        "JAVA_HOME",
        image.root().resolve("opt/java").toString(),
        "PATH",
        bin + ":" + System.getenv("PATH"));
  }
}
