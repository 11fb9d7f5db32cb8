package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.config.ConfigLoader;
import dev.throng.it.Command;
import dev.throng.it.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands in the guides to deployments are run by tests, or marked with why not; their
 * examples of configuration are accepted by the programs that they are for.
 */
@Timeout(120)
final class GuidesTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> GUIDES =
      List.of("monitoring.md", "kubernetes.md", "image.md", "sizing.md");

  /** The beginnings of commands, and the tests that run them. */
  private static final Map<String, String> TESTED =
      Map.of(
          "helm install ", "KubernetesTest",
          "promtool test rules ", "AlertRulesTest",
          "./throng image", "DistributionTest",
          "./throng bench capacity ", "CapacityTest");

  private static final Pattern COMMAND = Pattern.compile("(?m)^(.*)\\n {4}(\\S.*)$");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\\n(.*?)```");

  /** Servers of the example for Alertmanager, which the guide leaves to its readers. */
  private static final String RECEIVERS = "receivers: [{name: tickets}, {name: pager}]\n";

  @TempDir private Path folder = Path.of("");

  private static String guide(String name) throws IOException {
    return Files.readString(REPOSITORY.resolve("docs/guide").resolve(name));
  }

  /** Returns the examples in YAML that have a key at their top. */
  private static List<String> examples(String guide, String key) throws IOException {
    List<String> found =
        EXAMPLE
            .matcher(guide(guide))
            .results()
            .map((MatchResult hit) -> hit.group(1))
            .filter(example -> example.startsWith(key + ":"))
            .toList();
    assertFalse(found.isEmpty(), guide + " has no example of " + key);
    return found;
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void commandsAreRunByATestOrMarked() throws IOException {
    List<String> unknown = new ArrayList<>();
    int commands = 0;
    for (String name : GUIDES) {
      for (MatchResult hit : COMMAND.matcher(guide(name)).results().toList()) {
        String before = hit.group(1);
        String command = hit.group(2);
        boolean isMarked = before.startsWith("<!-- not run by a test: ");
        if (before.isEmpty() || isMarked) { // otherwise the line continues another one
          commands++;
          if (!isMarked && TESTED.keySet().stream().noneMatch(command::startsWith)) {
            unknown.add(name + ": " + command);
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(commands >= 6, commands + " commands were found");
  }

  @Test
  void prometheusAcceptsItsExample() throws IOException {
    Files.createSymbolicLink(folder.resolve("deploy"), REPOSITORY.resolve("deploy"));
    Path promtool = Path.of(Component.path("prometheus")).resolveSibling("promtool");
    for (String example : examples("monitoring.md", "rule_files")) {
      String config = write("prometheus.yml", example).toString();
      String printed = Command.run(List.of(promtool.toString(), "check", "config", config));
      assertTrue(printed.contains("2 rule files found"), printed);
    }
  }

  @Test
  void alertmanagerAcceptsItsExample() throws IOException {
    Path amtool = Path.of(Component.path("alertmanager")).resolveSibling("amtool");
    for (String example : examples("monitoring.md", "route")) {
      String config = write("alertmanager.yml", example + RECEIVERS).toString();
      var _ = Command.run(List.of(amtool.toString(), "check-config", config));
      String route = route(amtool, config, "severity=page");
      assertEquals("pager", route);
      assertEquals("tickets", route(amtool, config, "severity=ticket"));
    }
  }

  private static String route(Path amtool, String config, String label) {
    return Command.run(
            List.of(
                amtool.toString(), "config", "routes", "test", "--config.file=" + config, label))
        .strip();
  }

  @Test
  void serverAcceptsItsExample() throws IOException {
    for (String example : examples("monitoring.md", "observe")) {
      Path config = write("throng.yaml", example);
      assertTrue(ConfigLoader.load(config, Map.of(), Map.of()).observe().promptPrice() > 0);
    }
  }

  @Test
  void chartAcceptsItsExamples() throws IOException {
    List<String> examples = new ArrayList<>(examples("kubernetes.md", "config"));
    examples.addAll(examples("kubernetes.md", "secrets"));
    examples.addAll(examples("kubernetes.md", "networkPolicy"));
    for (String example : examples) {
      assertTrue(Chart.render(write("values.yaml", example)).contains("kind: Deployment"));
    }
  }
}
