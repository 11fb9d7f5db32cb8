package dev.throng.backend.pool;

import dev.throng.backend.pool.SlotShares.Claim;
import dev.throng.backend.pool.SlotShares.Share;
import dev.throng.core.Periodic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Keeps a pool within its share of each backend. While shares cannot be determined, the slots are
 * divided evenly between the replicas, with at least one for each.
 */
public final class SlotSharing implements AutoCloseable {
  private static final Duration CLAIM_INTERVAL = Duration.ofMillis(200);

  private final BackendPool pool;
  private final SlotShares shares;
  private final IntSupplier replicas;
  private final IntSupplier waiting;
  private final Map<String, Integer> targets = new HashMap<>();
  private final Periodic claims;

  /**
   * Starts the sharing.
   *
   * @param replicas number of replicas, including this one
   * @param waiting number of generations that wait for a slot in this replica
   */
  public SlotSharing(
      BackendPool pool, SlotShares shares, IntSupplier replicas, IntSupplier waiting) {
    this.pool = pool;
    this.shares = shares;
    this.replicas = replicas;
    this.waiting = waiting;
    this.claims = Periodic.startNow("slot-shares", CLAIM_INTERVAL, this::claimAll);
  }

  @Override
  public void close() {
    claims.close();
    names().forEach(shares::leave);
  }

  private List<String> names() {
    return pool.view().stream().map(PoolState.View::name).toList();
  }

  private void claimAll() {
    names().forEach(this::claim);
  }

  private void claim(String backend) {
    long untilNanos = System.nanoTime() + SlotShares.LEASE.toNanos();
    Optional<Claim> claim = reduceToClaim(backend);
    if (claim.isEmpty()) {
      return; // it has left in the meantime
    }
    Optional<Share> share = shares.claim(backend, claim.get());
    if (share.isPresent()) {
      targets.put(backend, share.get().target());
      take(backend, share.get(), untilNanos);
    } else {
      divideEvenly(backend);
    }
  }

  /** Returns what to request. From now on no more is held than the claim promises. */
  private Optional<Claim> reduceToClaim(String backend) {
    PoolState state = pool.table().state();
    int target = targets.getOrDefault(backend, Integer.MAX_VALUE);
    int queued = waiting.getAsInt();
    return pool.table()
        .locked(() ->
            state
                .find(backend)
                .map(id -> {
                  int held = state.reduceSlots(id, target, System.nanoTime());
                  int wanted = state.inFlight(id) + queued;
                  return new Claim(held, wanted, state.isCounted(id) ? state.slots(id) : 0);
                }));
  }

  private void take(String backend, Share share, long untilNanos) {
    PoolState state = pool.table().state();
    pool.table()
        .change(() ->
            state
                .find(backend)
                .ifPresent(id -> {
                  if (!state.isCounted(id) && share.slots() > 0) {
                    state.slots(id, share.slots()); // another replica has counted them
                  }
                  state.share(id, share.granted(), untilNanos, 0);
                }));
  }

  /**
   * Divides the slots evenly, but not before the last share has ended. Until then the other
   * replicas rely on it, and a late reply must not add a slot to what they hold.
   */
  private void divideEvenly(String backend) {
    PoolState state = pool.table().state();
    int parts = Math.max(1, replicas.getAsInt());
    pool.table()
        .change(() ->
            state
                .find(backend)
                .ifPresent(id -> state.shareEvenly(id, Math.max(1, state.slots(id) / parts))));
  }
}
