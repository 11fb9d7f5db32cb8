package dev.throng.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.sim.RoutedCrowd.Speed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal backends share the questions equally, however they behaved at their start. */
final class EqualBackendsTest {
  private static final int BACKENDS = 3;
  private static final int SLOTS = 100;
  private static final int QUESTIONS = 500;
  private static final int SEEDS = 20;
  private static final double TOLERANCE = 0.2;

  /** Slots that do not affect each other. */
  private static final Speed INDEPENDENT = (backend, level, now) -> 0.02;

  /** A batch that gets a little slower with each answer in it. */
  private static final Speed BATCHING = (backend, level, now) -> 0.01 + 0.0003 * level;

  /** Cores that the running answers share. */
  private static final Speed DIVIDED = (backend, level, now) -> 0.001 * level;

  private static final List<Speed> SPEEDS = List.of(INDEPENDENT, BATCHING, DIVIDED);

  private static void assertEqualShares(String when, int[] counts) {
    double share = (double) QUESTIONS / BACKENDS;
    for (int count : counts) {
      assertTrue(
          Math.abs(count - share) <= TOLERANCE * share, when + ": " + Arrays.toString(counts));
    }
  }

  /** Ten times as slow at its start, like a backend that loads its model. */
  private static Speed slowUntil(double seconds, Speed usual) {
    return (backend, level, now) ->
        usual.secondsPerToken(backend, level, now) * (backend == 2 && now < seconds ? 10 : 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 100, 250})
  void backendsShareEquallyFromTheFirstQuestion(int users) {
    for (Speed speed : SPEEDS) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RoutedCrowd crowd = new RoutedCrowd(BACKENDS, SLOTS, users, seed, speed);
        String when = users + " users, seed " + seed + ", speed " + SPEEDS.indexOf(speed);
        assertEqualShares(when + ", at first", crowd.next(QUESTIONS));
        crowd.next(5 * QUESTIONS);
        assertEqualShares(when + ", later", crowd.next(QUESTIONS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 100})
  void backendsShareEquallyAfterASlowStartOfOne(int users) {
    for (Speed speed : SPEEDS) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RoutedCrowd crowd =
            new RoutedCrowd(BACKENDS, SLOTS, users, seed, slowUntil(5, speed)).until(5);
        crowd.next(QUESTIONS);
        assertEqualShares(
            users + " users, seed " + seed + ", speed " + SPEEDS.indexOf(speed),
            crowd.next(QUESTIONS));
      }
    }
  }

  @Test
  void backendsShareEquallyAfterOneStartedLate() {
    for (Speed speed : SPEEDS) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RoutedCrowd crowd =
            new RoutedCrowd(BACKENDS, SLOTS, 100, seed, speed).downUntil(2, 5).until(20);
        assertEqualShares(
            "seed " + seed + ", speed " + SPEEDS.indexOf(speed), crowd.next(QUESTIONS));
      }
    }
  }

  @Test
  void backendsShareEquallyAfterOneWasDown() {
    for (Speed speed : SPEEDS) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RoutedCrowd crowd = new RoutedCrowd(BACKENDS, SLOTS, 100, seed, speed).until(10);
        crowd.downUntil(2, 15).fails(2).until(35);
        assertEqualShares(
            "seed " + seed + ", speed " + SPEEDS.indexOf(speed), crowd.next(QUESTIONS));
      }
    }
  }

  @Test
  void slowerBackendsGetLessButAreStillTriedOccasionally() {
    Speed unequal = (backend, level, now) -> 0.02 * (1 << backend);
    int[] counts = new RoutedCrowd(BACKENDS, SLOTS, 90, 1, unequal).until(10).next(QUESTIONS);
    assertTrue(counts[0] >= 0.95 * QUESTIONS, Arrays.toString(counts));
    assertTrue(counts[2] >= 1, Arrays.toString(counts));
  }
}
