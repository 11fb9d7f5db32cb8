package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.load.LoadSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code throng bench load}, on simulated backends, with a warm cache. */
@Tag("alone")
@Timeout(300)
final class LoadTestsTest {
  private static final double SECONDS = 8;

  @Test
  void objectivesHoldInTheShortForm(@TempDir Path folder) throws IOException, InterruptedException {
    LoadSuite suite = new LoadSuite(System.out::println);
    suite.runShortly(SECONDS);
    assertTrue(suite.isGood(), "the printed lines name the objective that failed");

    Path report = folder.resolve("report.html");
    suite.report(report, "a test", null);
    suite.report(report, "a test", report); // compares with itself
    String html = Files.readString(report);
    assertTrue(html.contains("load-test-spike") && html.contains("<th>earlier</th>"), html);
    assertEquals(-1, html.indexOf("src="), "it needs no other file");
  }
}
