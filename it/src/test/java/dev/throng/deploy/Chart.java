package dev.throng.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Yaml;
import dev.throng.it.Command;
import dev.throng.it.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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

  /** Returns Chart.yaml. */
  static JsonNode about() {
    return Yaml.read(FOLDER.resolve("Chart.yaml"));
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
    return render("throng", values, settings);
  }

  /** As above, for another name of the release. */
  static String render(String release, Path values, String... settings) {
    List<String> command =
        new ArrayList<>(List.of("template", release, FOLDER.toString(), "--namespace", "docs"));
    command.addAll(CLUSTER);
    command.addAll(List.of("-f", values.toString()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return run(command);
  }

  /** Returns the objects of one kind. */
  static List<JsonNode> objects(String rendered, String kind) {
    return Yaml.documents(rendered).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .toList();
  }

  private static String run(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Component.path("helm")));
    command.addAll(arguments);
    return Command.run(command);
  }
}
