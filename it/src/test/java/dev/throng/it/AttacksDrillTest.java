package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.AttacksDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code throng bench drill attacks}: the server survives and responds. Its
 * response times beside other tests mean little.
 */
@Tag("alone")
@Timeout(240)
final class AttacksDrillTest {
  private static final AttacksDrill.Plan PLAN =
      new AttacksDrill.Plan(Duration.ofSeconds(3), "1g", Path.of("../examples/handbook/legal"));

  @Test
  void cheapRequestsDoNotStopAServer() throws IOException, InterruptedException {
    AttacksDrill.Result result = new AttacksDrill(PLAN, System.out::println).run();
    assertTrue(result.stands(), result.toString());
  }
}
