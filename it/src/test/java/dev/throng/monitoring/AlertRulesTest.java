package dev.throng.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules and alerts, checked by promtool without a server. */
@Timeout(180)
final class AlertRulesTest {
  private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");

  @Test
  void promtoolAcceptsTheRules() {
    Promtool.run("check", "rules", AlertRules.files());
  }

  @Test
  void everyAlertFiresAndIsSilentInTheRightCases() {
    Promtool.run("test", "rules", AlertRules.tests());
  }

  @Test
  void everyAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() {
    Set<String> cases = new TreeSet<>();
    AlertRules.tests().forEach(file -> cases.addAll(caseNames(file)));
    Set<String> expected = new TreeSet<>();
    alertNames().forEach(name -> expected.addAll(List.of(name + " fires", name + " is silent")));
    assertEquals(expected, cases);
  }

  private static List<String> caseNames(Path file) {
    return Yaml.read(file).path("tests").findValuesAsText("name");
  }

  @Test
  void everyAlertHasARunbookAndEveryRunbookItsAlert() throws IOException {
    try (var files = Files.list(RUNBOOKS)) {
      Set<String> pages =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("README.md"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(
          alertNames().stream()
              .map(name -> name + ".md")
              .collect(Collectors.toCollection(TreeSet::new)),
          pages);
    }
    String index = Files.readString(RUNBOOKS.resolve("README.md"));
    for (String name : alertNames()) {
      String page = Files.readString(RUNBOOKS.resolve(name + ".md"));
      for (String part : List.of("# " + name, "## What it means", "## Check", "## Do")) {
        assertTrue(page.contains(part), name + ": " + part);
      }
      assertTrue(index.contains("[%s](%s.md)".formatted(name, name)), name);
    }
  }

  @Test
  void everyAlertHasASeverityAndAnnotations() {
    for (JsonNode alert : AlertRules.alerts()) {
      String severity = alert.path("labels").path("severity").asText();
      assertTrue(Set.of("page", "ticket").contains(severity), alert.toString());
      JsonNode annotations = alert.path("annotations");
      assertFalse(annotations.path("summary").asText().isEmpty(), alert.toString());
      assertFalse(annotations.path("description").asText().isEmpty(), alert.toString());
      assertEquals(
          "docs/runbooks/" + alert.path("alert").asText() + ".md",
          annotations.path("runbook").asText());
    }
  }

  private static List<String> alertNames() {
    return AlertRules.alerts().stream().map(alert -> alert.path("alert").asText()).toList();
  }
}
