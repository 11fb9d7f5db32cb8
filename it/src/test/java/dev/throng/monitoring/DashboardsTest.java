package dev.throng.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.arch.GeneratedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** deploy/grafana matches {@link Dashboards}; {@code -Dthrong.write-docs=true} writes it again. */
final class DashboardsTest {
  private static final Path FOLDER = Path.of("..", "deploy", "grafana").normalize();

  @TestFactory
  Stream<DynamicTest> dashboardsAreCurrent() {
    return Dashboards.all().stream()
        .map(dashboard ->
            DynamicTest.dynamicTest(
                dashboard.name(),
                () ->
                    GeneratedDocument.check(
                        FOLDER.resolve(dashboard.name() + ".json"),
                        dashboard.json(),
                        DashboardsTest.class)));
  }

  @Test
  void folderHoldsNothingElse() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(
          Dashboards.all().stream()
              .map(dashboard -> dashboard.name() + ".json")
              .collect(Collectors.toSet()),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }
}
