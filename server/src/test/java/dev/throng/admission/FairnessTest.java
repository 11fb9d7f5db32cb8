package dev.throng.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.admission.Crowd.Experience;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How several tenants share the slots, in virtual time. */
final class FairnessTest {
  private static final int SLOTS = 12;
  private static final int TENANTS = 5;
  private static final double SECONDS = 600;

  /** A request that enters a full queue is counted when it leaves the queue, or never. */
  private static final double FULL_ROOM_SECONDS = 80;

  /** Generations per second for each tenant when all of them ask for more than there is. */
  private static final double FAIR_SHARE = SLOTS / Crowd.MEAN_SERVICE_SECONDS / (double) TENANTS;

  private static final List<String> MODEST = List.of("a", "b", "c", "d");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tenantSendingFiftyTimesItsShareHardlyAffectsOthers(long seed) {
    Crowd crowd = new Crowd(seed, SLOTS, Map.of()).with("greedy", 50 * FAIR_SHARE);
    MODEST.forEach(tenant -> crowd.with(tenant, FAIR_SHARE / 2));
    crowd.run(SECONDS);
    double longest = 1.5 * Crowd.MEAN_SERVICE_SECONDS / SLOTS;
    for (String tenant : MODEST) {
      Experience met = crowd.of(tenant);
      assertTrue(met.p95Wait() <= longest, tenant + " waits " + met.p95Wait());
      assertEquals(0, met.refused(), tenant);
    }
    Experience greedy = crowd.of("greedy");
    assertTrue(
        greedy.served() >= 1.8 * FAIR_SHARE * (SECONDS - FULL_ROOM_SECONDS),
        "served " + greedy.served());
    assertTrue(greedy.expired() <= 0.12 * greedy.served(), "expired: " + greedy.expired());
    assertTrue(crowd.utilisation() >= 0.78, "slots idle: " + crowd.utilisation());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tenantsThatAllExceedTheirShareGetExactlyTheirShare(long seed) {
    Crowd crowd = new Crowd(seed, SLOTS, Map.of()).with("greedy", 50 * FAIR_SHARE);
    MODEST.forEach(tenant -> crowd.with(tenant, 1.5 * FAIR_SHARE));
    crowd.run(SECONDS);
    for (String tenant : MODEST) {
      double served = crowd.of(tenant).served() / SECONDS;
      assertTrue(served >= 0.95 * FAIR_SHARE, tenant + " gets " + served);
    }
    assertTrue(crowd.utilisation() >= 0.99, "slots idle: " + crowd.utilisation());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void weightsDivideTheSlots(long seed) {
    Crowd crowd =
        new Crowd(seed, SLOTS, Map.of("big", 3)).with("big", 5 * SLOTS).with("small", 5 * SLOTS);
    crowd.run(SECONDS);
    double ratio = crowd.of("big").served() / (double) crowd.of("small").served();
    assertEquals(3, ratio, 0.15);
  }

  @Test
  void soleTenantGetsAllSlotsAndWaitsNoLongerThanPredicted() {
    Crowd crowd = new Crowd(1, SLOTS, Map.of()).with("only", 10 * SLOTS);
    crowd.run(SECONDS);
    Experience met = crowd.of("only");
    assertTrue(crowd.utilisation() >= 0.99, "slots idle: " + crowd.utilisation());
    assertTrue(
        met.served() >= 0.95 * SLOTS * (SECONDS - FULL_ROOM_SECONDS), "served " + met.served());
    assertTrue(met.expired() <= 0.05 * met.served(), "expired: " + met.expired());
  }
}
