package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.LatencyDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code throng bench drill latency}, on simulated backends. Milliseconds mean
 * little on a machine that also runs other tests, so only the bound of the median is checked.
 */
@Tag("alone")
@Timeout(300)
final class LatencyDrillTest {
  private static final LatencyDrill.Plan PLAN =
      new LatencyDrill.Plan(20, 20, 20, 1, 1, 100, Path.of("../examples/handbook/legal"));

  private static final double MEDIAN_BAR_MILLIS = 10;

  @Test
  void everyTokenIsTimedThroughTheServerAndDirectly() throws IOException, InterruptedException {
    LatencyDrill.Result result = new LatencyDrill(PLAN).run();
    System.out.println(result);
    assertEquals(List.of(), result.problems());
    int expected = PLAN.streams() * PLAN.answers() * PLAN.answerTokens();
    assertTrue(result.direct().tokens() >= 0.9 * expected, result.toString());
    assertTrue(
        result.server().tokens() >= 0.7 * expected, result.toString()); // citations arrive whole
    double added = result.server().tokenP50() - result.direct().tokenP50();
    assertTrue(added <= MEDIAN_BAR_MILLIS, result.toString());
  }
}
