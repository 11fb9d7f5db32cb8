package dev.throng.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Runs the pool's simulation over many seeds, or over the seed in {@code -Dsim.seed}. */
final class PoolSimulationTest {
  private static final int SEEDS = 10_000;

  @Test
  void noAnswerIsLostWhileOneBackendLives() {
    String chosen = System.getProperty("sim.seed");
    if (chosen != null) {
      run(Long.parseLong(chosen));
      return;
    }
    long continuations = 0;
    long hedges = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      PoolSimulation simulation = run(seed);
      continuations += simulation.continuations();
      hedges += simulation.hedges();
    }
    assertTrue(continuations > SEEDS && hedges > SEEDS / 10, "the simulation covers too little");
  }

  @Test
  void sameSeedGivesTheSameRun() {
    for (long seed = 0; seed < 20; seed++) {
      assertEquals(simulation(seed).run(), simulation(seed).run());
    }
  }

  private static PoolSimulation simulation(long seed) {
    return new PoolSimulation(seed, BareAnswers::new);
  }

  private static PoolSimulation run(long seed) {
    PoolSimulation simulation = simulation(seed);
    try {
      simulation.run();
      return simulation;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d: %s%nreplay: ./throng test -pl server -Dtest=PoolSimulationTest -Dsim.seed=%d"
              .formatted(seed, e.getMessage(), seed),
          e);
    }
  }
}
