package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.BackendsDrill;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code throng bench drill backends}, on real backends. */
@Tag("alone")
@Timeout(300)
final class BackendsDrillTest {
  private static final BackendsDrill.Plan PLAN =
      new BackendsDrill.Plan(4, 4, 2, 40, 120, Duration.ofMillis(1500), Duration.ofMillis(2500), 1);

  @Test
  void everyAnswerIsCompleteAndContinuesAfterTheDeliveredText()
      throws IOException, InterruptedException {
    BackendsDrill.Result result = new BackendsDrill(PLAN, System.out::println).run();
    System.out.println(result);
    assertTrue(result.isGood(), result.toString());
    assertTrue(result.exact() >= result.seams() - 1, result.toString());
  }
}
