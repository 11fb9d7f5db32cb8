package dev.throng.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Answers that reach a pool directly; some clients hang up. */
final class BareAnswers implements Workload {
  private static final int ANSWERS = 40;
  private static final double MAX_PATIENCE_NANOS = 300e6;

  private final PoolSimulation sim;
  private int failures;

  BareAnswers(PoolSimulation sim) {
    this.sim = sim;
  }

  @Override
  public Duration horizon() {
    return Duration.ofSeconds(20);
  }

  @Override
  public void plan() {
    for (int i = 0; i < ANSWERS; i++) {
      int question = i;
      sim.sometime(() -> ask(question));
    }
  }

  private void ask(int question) {
    RandomGenerator random = sim.random();
    SimAnswer answer = new SimAnswer(sim, question, isWhole -> failures += isWhole ? 0 : 1);
    sim.begin(answer);
    if (random.nextInt(8) == 0) {
      sim.after((long) (random.nextDouble() * MAX_PATIENCE_NANOS), answer::hangUp);
    }
  }

  @Override
  public void afterEvent() {}

  @Override
  public boolean isBusy() {
    return false; // the pool knows
  }

  @Override
  public void checkAtEnd() {
    PoolSimulation.check(
        failures == 0, "answers lost although a backend was always healthy: " + failures, sim);
  }
}
