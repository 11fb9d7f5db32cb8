package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.cluster.ClusterDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code throng bench drill cluster}; how quick all is counts in the long one.
 */
@Timeout(900)
final class ClusterDrillTest {
  private static final ClusterDrill.Plan PLAN =
      new ClusterDrill.Plan(
          "weaviate", 100, 30, 10, Duration.ofSeconds(2), 20, 4, Path.of("../examples/handbook"));

  @Test
  void clusterLosesNothingWhateverDies() throws IOException, InterruptedException {
    ClusterDrill.Outcome outcome = new ClusterDrill(PLAN, System.out::println).run();
    assertTrue(outcome.holds(), "a fault: the drill's report says which");
    assertEquals("", outcome.tooSlow(), "no fault was seen, but too little was asked to tell");
  }
}
