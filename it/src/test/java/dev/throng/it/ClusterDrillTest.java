package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.cluster.ClusterDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code throng bench drill cluster}; only the long form judges speed. */
@Tag("alone")
@Timeout(900)
final class ClusterDrillTest {
  private static final ClusterDrill.Plan PLAN =
      new ClusterDrill.Plan(
          "weaviate", 100, 30, 10, Duration.ofSeconds(2), 20, 4, Path.of("../examples/handbook"));

  @Test
  void clusterLosesNothingWhenAnyPartDies() throws IOException, InterruptedException {
    ClusterDrill.Outcome outcome = new ClusterDrill(PLAN, System.out::println).run();
    assertTrue(outcome.holds(), "the drill's report names the fault");
    assertEquals("", outcome.tooSlow(), "no fault was seen, but too few requests were made");
  }
}
