package dev.throng.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.it.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Helm chart, rendered by the real helm. */
final class Chart {
  private static final Path FOLDER =
      Path.of("..", "deploy", "helm", "throng").toAbsolutePath().normalize();

  /** Helm built from source takes an old version when no cluster tells it its own. */
  private static final List<String> CLUSTER = List.of("--kube-version", "1.37.2");

  private Chart() {}

  /** Returns the files with values, which together with the defaults are the supported set-ups. */
  static List<Path> valuesFiles() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.getFileName().toString().matches("values.*\\.yaml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path values(String name) {
    return FOLDER.resolve(name);
  }

  /** Fails with helm's message when it finds a fault. */
  static void lint(Path values) {
    var _ = run(List.of("lint", "--strict", FOLDER.toString(), "-f", values.toString()));
  }

  /**
   * Returns the objects, as YAML.
   *
   * @param settings as for helm's option --set
   */
  static String render(Path values, String... settings) {
    List<String> command =
        new ArrayList<>(List.of("template", "throng", FOLDER.toString(), "--namespace", "docs"));
    command.addAll(CLUSTER);
    command.addAll(List.of("-f", values.toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return run(command);
  }

  /** Returns the objects of one kind. */
  static List<JsonNode> objects(String rendered, String kind) {
    List<JsonNode> objects = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().build());
    for (Object document : load.loadAllFromString(rendered)) {
      JsonNode object = new ObjectMapper().valueToTree(document);
      if (object.path("kind").asText().equals(kind)) {
        objects.add(object);
      }
    }
    return objects;
  }

  private static String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Component.path("helm")));
    command.addAll(arguments);
    try {
      Path messages = Files.createTempFile("helm", ".log");
      Process process = new ProcessBuilder(command).redirectError(messages.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      String errors = Files.readString(messages);
      Files.delete(messages);
      if (code != 0) {
        throw new IllegalArgumentException(output + errors);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
