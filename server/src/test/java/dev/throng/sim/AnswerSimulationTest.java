package dev.throng.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Runs the simulation over many seeds, or over the seed in {@code -Dsim.seed}. */
final class AnswerSimulationTest {
  private static final int SEEDS = 3_000;

  @Test
  void invariantsHoldForEveryOrderOfEvents() {
    Map<Outcome, Integer> seen = new EnumMap<>(Outcome.class);
    String chosen = System.getProperty("sim.seed");
    if (chosen != null) {
      run(Long.parseLong(chosen));
      return;
    }
    int searchesThatMetLag = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation run = run(seed);
      run.outcomes().forEach((outcome, count) -> seen.merge(outcome, count, Integer::sum));
      searchesThatMetLag += run.store().searchesThatMetLag();
    }
    assertTrue(searchesThatMetLag > SEEDS, "too few searches met a lagging node");
    assertTrue(
        seen.keySet()
            .containsAll(
                Set.of(
                    Outcome.HIT,
                    Outcome.GENERATED,
                    Outcome.FAILED,
                    Outcome.SHED,
                    Outcome.CANCELLED)),
        "the simulation covers too little: " + seen);
  }

  @Test
  void sameSeedGivesTheSameRun() {
    for (long seed = 0; seed < 20; seed++) {
      assertEquals(new Simulation(seed).run(), new Simulation(seed).run());
    }
  }

  private static Simulation run(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      simulation.run();
      return simulation;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d: %s%nreplay: ./throng test -pl server -Dtest=AnswerSimulationTest -Dsim.seed=%d"
              .formatted(seed, e.getMessage(), seed),
          e);
    }
  }
}
