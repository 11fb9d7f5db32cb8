package dev.throng.backend.pool;

import dev.throng.backend.pool.SlotShares.Claim;
import dev.throng.backend.pool.SlotShares.Share;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Keeps a pool within its share of each backend. While shares cannot be known, replicas divide the
 * slots evenly, by how many they are; each has at least one.
 */
public final class SlotSharing implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(200);

  private final BackendPool pool;
  private final SlotShares shares;
  private final IntSupplier replicas;
  private final IntSupplier waiting;
  private final Map<String, Integer> targets = new HashMap<>();
  private final Thread thread;

  /**
   * @param replicas how many there are, this one included
   * @param waiting generations that wait for a slot here
   */
  public SlotSharing(
      BackendPool pool, SlotShares shares, IntSupplier replicas, IntSupplier waiting) {
    this.pool = pool;
    this.shares = shares;
    this.replicas = replicas;
    this.waiting = waiting;
    this.thread = Thread.ofVirtual().name("slot-shares").start(this::claimUntilClosed);
  }

  @Override
  public void close() {
    thread.interrupt();
    pool.names().forEach(shares::leave);
  }

  private void claimUntilClosed() {
    try {
      while (true) {
        pool.names().forEach(this::claim);
        TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void claim(String backend) {
    long untilNanos = System.nanoTime() + SlotShares.LEASE.toNanos();
    int target = targets.getOrDefault(backend, Integer.MAX_VALUE);
    Optional<Claim> claim = pool.promise(backend, target, waiting.getAsInt());
    if (claim.isEmpty()) {
      return; // it has left meanwhile
    }
    Optional<Share> share = shares.claim(backend, claim.get());
    if (share.isPresent()) {
      targets.put(backend, share.get().target());
      pool.share(backend, share.get(), untilNanos);
    } else {
      pool.shareEvenly(backend, Math.max(1, replicas.getAsInt()));
    }
  }
}
