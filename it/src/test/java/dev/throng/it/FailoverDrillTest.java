package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.FailoverDrill;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of {@code throng bench drill failover}, on simulated backends. */
@Tag("alone")
final class FailoverDrillTest {
  private static final int ANSWERS = 1_000;
  private static final int STREAMS = 50;
  private static final long SEED = 7;

  @Test
  void everyAnswerIsIdenticalToTheOneWithoutFaults() throws InterruptedException {
    FailoverDrill.Result result = new FailoverDrill(ANSWERS, SEED).run(STREAMS);
    assertTrue(result.isGood(), result.toString());
    assertTrue(result.continued() > 0 && result.faults() > 0, "no fault was injected: " + result);
  }
}
