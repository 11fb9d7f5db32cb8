package dev.throng.backend.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.pool.PoolState.Spec;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.Configs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PoolStateTest {
  private static final Need ANY = new Need(100, 1, Set.of(), Set.of());
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final CallEnd REFUSED = new CallEnd.Failed(ErrorCode.BACKEND_UNREACHABLE);
  private static final CallEnd BROKEN = new CallEnd.Failed(ErrorCode.BACKEND_ERROR);

  private long now;

  private PoolState pool(int backends, int slots, String... settings) {
    List<Spec> specs = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      specs.add(new Spec("b" + i, 1, slots));
    }
    return new PoolState(Configs.with(settings).pool(), specs, new SplittableRandom(7));
  }

  /** A pool whose backends have all answered their first probe. */
  private PoolState warm(int backends, int slots, String... settings) {
    PoolState pool = pool(backends, slots, settings);
    pool.dueProbes(now).forEach(slot -> pool.ended(slot, new CallEnd.Done(1), now));
    return pool;
  }

  private Slot take(PoolState pool) {
    return taken(pool.take(ANY, now));
  }

  private static Slot taken(@Nullable Slot slot) {
    if (slot == null) {
      throw new AssertionError("no slot");
    }
    return slot;
  }

  /** One answer of 100 tokens, at this many milliseconds per token. */
  private void answer(PoolState pool, Slot slot, int millisAToken) {
    now += Duration.ofMillis(10).toNanos();
    pool.firstToken(slot, now);
    now += Duration.ofMillis(100L * millisAToken).toNanos();
    pool.ended(slot, new CallEnd.Done(100), now);
  }

  @Test
  void replicaThatCannotClaimKeepsItsShareUntilItExpiresThenTakesAnEvenOne() {
    PoolState pool = warm(1, 4);
    pool.share(0, 0, now + SECOND, 0); // other replicas hold all slots
    pool.shareEvenly(0, 2);
    assertEquals(0, pool.capacity(now), "one slot more than exists");
    now += SECOND;
    assertEquals(2, pool.capacity(now));
  }

  @Test
  void backendGetsNoWorkBeforeItsFirstToken() {
    PoolState pool = pool(2, 4);
    assertNull(pool.take(ANY, now));
    assertTrue(pool.canServeSoon(ANY), "waiting is worthwhile");
    List<Slot> probes = pool.dueProbes(now);
    assertEquals(2, probes.size());
    assertEquals(List.of(), pool.dueProbes(now), "one probe at a time");
    pool.ended(probes.getFirst(), new CallEnd.Done(1), now);
    assertEquals(4, pool.capacity(now));
    assertEquals(probes.getFirst().backend(), take(pool).backend());
  }

  @Test
  void slotsAreNeverExceededAndAreReleasedOnce() {
    PoolState pool = warm(2, 2);
    List<Slot> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(take(pool));
    }
    assertNull(pool.take(ANY, now));
    assertNull(pool.takeIdle(ANY, now));
    pool.ended(taken.getFirst(), new CallEnd.Done(1), now);
    assertEquals(taken.getFirst().backend(), take(pool).backend());
    assertThrows(
        IllegalStateException.class,
        () -> pool.ended(taken.getFirst(), new CallEnd.Cancelled(), now));
  }

  @Test
  void unreachableBackendCoolsDownImmediatelyAndLongerEachTime() {
    PoolState pool = warm(1, 1, "pool.min_cooldown", "1s", "pool.max_cooldown", "5s");
    pool.ended(take(pool), REFUSED, now);
    assertEquals(0, pool.capacity(now));
    assertFalse(pool.canServeSoon(ANY));
    for (int longest : List.of(2, 3, 5, 7, 7)) {
      long from = now;
      List<Slot> due = List.of();
      while (due.isEmpty()) {
        now += SECOND / 20;
        due = pool.dueProbes(now);
      }
      assertTrue(now - from >= 0.8 * SECOND && now - from <= longest * SECOND);
      pool.ended(due.getFirst(), REFUSED, now);
    }
  }

  @Test
  void requestedRetryDelayIsHonouredUpToALimit() {
    PoolState pool = warm(1, 4, "pool.min_cooldown", "1s", "pool.max_retry_after", "60s");
    Slot running = take(pool);
    pool.ended(take(pool), new CallEnd.Failed(ErrorCode.BACKEND_BUSY, seconds(20)), now);
    pool.ended(running, new CallEnd.Failed(ErrorCode.BACKEND_ERROR, seconds(30)), now);
    assertEquals(List.of(), pool.dueProbes(now + 29 * SECOND), "the longer delay applies");
    now += 30 * SECOND;
    Slot probe = pool.dueProbes(now).getFirst();
    pool.ended(probe, new CallEnd.Failed(ErrorCode.BACKEND_BUSY, seconds(86_400)), now);
    assertEquals(List.of(), pool.dueProbes(now + 59 * SECOND));
    assertEquals(1, pool.dueProbes(now + 60 * SECOND).size());
  }

  @Test
  void busyBackendWithoutARetryDelayCoolsDown() {
    PoolState pool = warm(1, 4, "pool.breaker_failures", "5");
    pool.ended(take(pool), new CallEnd.Failed(ErrorCode.BACKEND_BUSY), now);
    assertEquals(0, pool.capacity(now));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void breakerOpensAfterConsecutiveFailuresAndOneSuccessResetsTheCount() {
    PoolState pool = warm(1, 4, "pool.breaker_failures", "2");
    pool.ended(take(pool), BROKEN, now);
    answer(pool, take(pool), 5);
    pool.ended(take(pool), BROKEN, now);
    assertEquals(4, pool.capacity(now));
    pool.ended(take(pool), BROKEN, now);
    assertEquals(0, pool.capacity(now));
  }

  @Test
  void promptErrorsAndHangUpsDoNotCountAgainstTheBackend() {
    PoolState pool = warm(1, 1, "pool.breaker_failures", "1");
    pool.ended(take(pool), new CallEnd.Failed(ErrorCode.PROMPT_TOO_LONG), now);
    pool.ended(take(pool), new CallEnd.Cancelled(), now);
    assertEquals(1, pool.capacity(now));
  }

  @Test
  void slotsReturnGraduallyAfterACooldown() {
    PoolState pool = warm(1, 10, "pool.slow_start", "10s");
    pool.ended(take(pool), REFUSED, now);
    now += 2 * SECOND;
    pool.ended(pool.dueProbes(now).getFirst(), new CallEnd.Done(1), now);
    assertEquals(1, pool.capacity(now));
    assertEquals(5, pool.capacity(now + 5 * SECOND));
    assertEquals(10, pool.capacity(now + 10 * SECOND));
  }

  @Test
  void failedBackendIsRetriedOnlyWhenNoOtherIsUp() {
    PoolState pool = warm(2, 1);
    Slot other = take(pool);
    Need need = new Need(100, 1, Set.of(1 - other.backend()), Set.of());
    assertNull(pool.take(need, now), "waiting for the other backend is better");
    pool.ended(other, REFUSED, now);
    assertEquals(1 - other.backend(), taken(pool.take(need, now)).backend());
  }

  @Test
  void leastWaitPrefersTheFasterBackendUntilItIsBusy() {
    PoolState pool = warm(2, 2, "pool.policy", "least-wait");
    for (int round = 0; round < 4; round++) {
      List<Slot> both = List.of(take(pool), take(pool));
      for (Slot slot : both) {
        answer(pool, slot, slot.backend() == 0 ? 5 : 50);
      }
    }
    assertEquals(0, take(pool).backend());
    assertEquals(0, take(pool).backend());
    assertEquals(1, take(pool).backend(), "the slow backend is better than waiting");
  }

  @Test
  void backendWithTwiceTheWeightGetsTwiceTheWork() {
    PoolState pool =
        new PoolState(
            Configs.with().pool(),
            List.of(new Spec("heavy", 2, 100), new Spec("light", 1, 100)),
            new SplittableRandom(7));
    pool.dueProbes(now).forEach(slot -> pool.ended(slot, new CallEnd.Done(1), now));
    for (int round = 0; round < 10; round++) {
      List<Slot> taken = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        taken.add(take(pool));
      }
      assertEquals(20, taken.stream().filter(slot -> slot.backend() == 0).count());
      long from = now;
      for (Slot slot : taken) {
        now = from;
        answer(pool, slot, 10);
      }
    }
  }

  @Test
  void roundRobinIgnoresLoad() {
    PoolState pool = warm(3, 2, "pool.policy", "round-robin");
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      order.add(take(pool).backend());
    }
    assertEquals(List.of(0, 1, 2, 0, 1, 2), order);
  }

  @Test
  void samePromptPrefixGoesToTheBackendThatServedItRecently() {
    PoolState pool = warm(3, 8);
    for (Slot slot : List.of(take(pool), take(pool), take(pool))) {
      answer(pool, slot, 10);
    }
    Slot first = taken(pool.take(new Need(100, 42, Set.of(), Set.of()), now));
    answer(pool, first, 10);
    for (int i = 0; i < 5; i++) {
      Slot again = taken(pool.take(new Need(100, 42, Set.of(), Set.of()), now));
      assertEquals(first.backend(), again.backend());
      answer(pool, again, 10);
    }
  }

  @Test
  void backendSlowerThanItsOwnPastIsEjectedButAtMostHalfOfThePool() {
    PoolState pool = warm(3, 1, "pool.policy", "round-robin", "pool.slow_factor", "3");
    for (int millisAToken : Collections.nCopies(3, 5)) {
      for (Slot slot : List.of(take(pool), take(pool), take(pool))) {
        answer(pool, slot, millisAToken);
      }
    }
    for (int i = 0; i < 60; i++) {
      answer(pool, take(pool), 40);
    }
    assertEquals(2, pool.capacity(now), "one of three cools down");
  }

  @Test
  void backendsOfUnequalSpeedAreNotEjected() {
    PoolState pool = warm(2, 1, "pool.policy", "round-robin", "pool.slow_factor", "3");
    for (int i = 0; i < 40; i++) {
      Slot slot = take(pool);
      answer(pool, slot, slot.backend() == 0 ? 2 : 80);
    }
    assertEquals(2, pool.capacity(now));
  }

  @Test
  void hedgesAreLimitedAndNeedIdleSlots() {
    PoolState pool = warm(2, 10, "pool.hedge_share", "0.05");
    int hedges = 0;
    for (int i = 0; i < 400; i++) {
      Slot slot = take(pool);
      if (pool.hedgeAfter().isPresent()) {
        Slot second = taken(pool.takeIdle(new Need(100, 1, Set.of(slot.backend()), Set.of()), now));
        pool.ended(second, new CallEnd.Cancelled(), now);
        hedges++;
      }
      answer(pool, slot, 1);
    }
    assertTrue(hedges > 10 && hedges <= 20, "hedges: " + hedges);
  }

  @Test
  void drainedBackendGetsNoNewWork() {
    PoolState pool = warm(2, 1);
    Slot running = take(pool);
    pool.drain(running.backend(), true);
    assertEquals(1, pool.capacity(now));
    assertEquals(1 - running.backend(), take(pool).backend());
    pool.ended(running, new CallEnd.Done(1), now);
    assertNull(pool.take(ANY, now));
    pool.drain(running.backend(), false);
    assertEquals(running.backend(), take(pool).backend());
  }

  @Test
  void removedBackendFinishesItsCallsAndIsThenForgotten() {
    PoolState pool = warm(2, 1);
    Slot slot = take(pool);
    assertTrue(pool.remove(slot.backend()));
    assertFalse(pool.remove(slot.backend()), "it is already being removed");
    assertEquals(1, pool.view().size());
    assertEquals(1, pool.capacity(now));
    assertTrue(pool.contains(slot.backend()));
    Slot other = take(pool);
    assertTrue(other.backend() != slot.backend());
    assertNull(pool.take(ANY, now));
    answer(pool, slot, 10);
    assertFalse(pool.contains(slot.backend()));
    assertNull(pool.take(ANY, now));
  }

  @Test
  void addedBackendIsProbedBeforeItIsUsed() {
    PoolState pool = warm(1, 1);
    take(pool);
    int added = pool.add(new Spec("new", 1, 2));
    assertNull(pool.take(ANY, now));
    Slot probe = pool.dueProbes(now).getFirst();
    assertEquals(added, probe.backend());
    pool.ended(probe, new CallEnd.Done(1), now);
    assertEquals(added, take(pool).backend());
    pool.remove(0);
    assertTrue(pool.hasCapableBackend(ANY));
    pool.remove(added);
    assertFalse(pool.hasCapableBackend(ANY));
  }
}
