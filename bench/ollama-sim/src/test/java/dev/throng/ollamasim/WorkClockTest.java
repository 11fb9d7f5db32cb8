package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class WorkClockTest {
  private static final long SECOND = 1_000_000_000;
  private final AtomicLong nanos = new AtomicLong();
  private final WorkClock clock = new WorkClock(nanos::get, 0.5);

  @Test
  void singleStreamWorksOneSecondPerSecond() {
    clock.running(1);
    nanos.addAndGet(3 * SECOND);
    assertEquals(3, clock.now(), 1e-9);
    assertEquals(2 * SECOND, clock.nanosUntil(5));
    assertEquals(0, clock.nanosUntil(2));
  }

  @Test
  void streamsSlowEachOtherWhileTheyOverlap() {
    clock.running(1);
    nanos.addAndGet(SECOND);
    clock.running(3); // each at half the pace
    nanos.addAndGet(SECOND);
    assertEquals(1.5, clock.now(), 1e-9);
    assertEquals(SECOND, clock.nanosUntil(2));
    clock.running(1);
    nanos.addAndGet(SECOND);
    assertEquals(2.5, clock.now(), 1e-9);
  }

  @Test
  void slowMachineTakesAFactorLonger() {
    clock.running(1);
    clock.slow(4);
    nanos.addAndGet(4 * SECOND);
    assertEquals(1, clock.now(), 1e-9);
    assertEquals(4 * SECOND, clock.nanosUntil(2));
  }
}
