package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.CrowdDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code throng bench drill crowd}, on simulated backends. */
@Tag("alone")
@Timeout(300)
final class CrowdDrillTest {
  private static final CrowdDrill.Plan PLAN =
      new CrowdDrill.Plan(
          30, 6, 80, Duration.ofSeconds(1), 512, Path.of("../examples/handbook/legal"));

  @Test
  void everyClientReceivesExactlyTheCompleteAnswer() throws IOException, InterruptedException {
    CrowdDrill.Result result = new CrowdDrill(PLAN).run();
    System.out.println(result);
    assertTrue(result.isGood(), result.toString());
  }
}
