package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.OverloadDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code throng bench drill overload}, on simulated backends. It checks that
 * every question ends with one of the allowed outcomes, that hits stay hits, and that the backends
 * are busy. For the other figures, some seconds are too few, and a machine that also runs other
 * tests is too busy.
 */
@Tag("alone")
@Timeout(300)
final class OverloadDrillTest {
  private static final OverloadDrill.Plan PLAN =
      new OverloadDrill.Plan(
          3,
          20,
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          1,
          Duration.ofSeconds(2),
          "stale,extractive,shed",
          Path.of("../examples/handbook/legal"));

  private static final double GOODPUT_BAR = 0.7;

  @Test
  void overloadDegradesTheServiceWithoutBreakingIt() throws IOException, InterruptedException {
    OverloadDrill.Result result = new OverloadDrill(PLAN).run();
    System.out.println(result);
    assertEquals(List.of(), result.problems());
    assertEquals(0, result.hits().missed(), result.toString());
    Set<String> ends =
        result.ends().stream().map(OverloadDrill.End::name).collect(Collectors.toSet());
    assertTrue(ends.containsAll(Set.of("generated", "extractive", "refused")), result.toString());
    assertTrue(result.goodput() >= GOODPUT_BAR * result.capacity(), result.toString());
  }
}
