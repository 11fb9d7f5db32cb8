package dev.throng.flight;

import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The work that is under way, so that no work is done twice: one flight per question and epoch, and
 * one generating flight per fingerprint. It counts listeners. A flight is abandoned when its last
 * listener leaves.
 *
 * <p>Pure state under a lock that is held for a few map operations. The flights themselves ({@code
 * F}) belong to the caller and are identified by identity.
 */
public final class SingleFlight<F> {
  /**
   * The result of {@link #join}.
   *
   * @param isLeader whether the flight is new, so that the caller must start it
   */
  public record Joined<F>(F flight, boolean isLeader) {}

  private static final class Entry<F> {
    private final F flight;
    private final QuestionKey key;
    private final long epoch;
    private @Nullable Fingerprint fingerprint;
    private int listeners;

    Entry(F flight, QuestionKey key, long epoch) {
      this.flight = flight;
      this.key = key;
      this.epoch = epoch;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final IdentityHashMap<F, Entry<F>> flights = new IdentityHashMap<>();
  private final Map<QuestionKey, Entry<F>> byKey = new HashMap<>();
  private final Map<Fingerprint, Entry<F>> byFingerprint = new HashMap<>();

  /**
   * Becomes a listener of the flight for this question at this epoch, or at a later one if the
   * epoch has moved since the caller read it. A flight from an earlier epoch is never joined,
   * because it may answer from deleted documents.
   */
  public Joined<F> join(QuestionKey key, long epoch, Supplier<F> newFlight) {
    lock.lock();
    try {
      Entry<F> entry = byKey.get(key);
      if (entry != null && entry.epoch >= epoch) {
        entry.listeners++;
        return new Joined<>(entry.flight, false);
      }
      Entry<F> fresh = new Entry<>(newFlight.get(), key, epoch);
      fresh.listeners = 1;
      flights.put(fresh.flight, fresh);
      byKey.put(key, fresh);
      return new Joined<>(fresh.flight, true);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Claims the generation of the prompt with this fingerprint, and gives up an earlier claim of the
   * flight.
   *
   * @return the flight that already generates it, of which {@code flight} has become a listener;
   *     empty when {@code flight} must generate it now
   */
  public Optional<F> generateOrFollow(F flight, Fingerprint fingerprint) {
    lock.lock();
    try {
      Entry<F> own = flights.get(flight);
      if (own != null && own.fingerprint != null) {
        byFingerprint.remove(own.fingerprint, own);
        own.fingerprint = null;
      }
      Entry<F> generating = byFingerprint.get(fingerprint);
      if (generating != null) {
        generating.listeners++;
        return Optional.of(generating.flight);
      }
      if (own != null) {
        own.fingerprint = fingerprint;
        byFingerprint.put(fingerprint, own);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a flight is generating the prompt with this fingerprint. */
  public boolean isGenerating(Fingerprint fingerprint) {
    lock.lock();
    try {
      return byFingerprint.containsKey(fingerprint);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops listening.
   *
   * @return whether that was the last listener of a flight still under way; the caller must cancel
   *     that flight
   */
  public boolean leave(F flight) {
    lock.lock();
    try {
      Entry<F> entry = flights.get(flight);
      if (entry == null || --entry.listeners > 0) {
        return false;
      }
      remove(entry);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Marks the flight as finished, successfully or not. It can no longer be joined, but its
   * listeners can read on.
   */
  public void end(F flight) {
    lock.lock();
    try {
      Entry<F> entry = flights.get(flight);
      if (entry != null) {
        remove(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the flights under way. */
  public List<F> all() {
    lock.lock();
    try {
      return List.copyOf(flights.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of flights under way, for a gauge. */
  public int size() {
    lock.lock();
    try {
      return flights.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of listeners beyond the first of each flight, for a gauge. */
  public int followers() {
    lock.lock();
    try {
      return flights.values().stream().mapToInt(entry -> Math.max(0, entry.listeners - 1)).sum();
    } finally {
      lock.unlock();
    }
  }

  private void remove(Entry<F> entry) {
    flights.remove(entry.flight);
    byKey.remove(entry.key, entry);
    if (entry.fingerprint != null) {
      byFingerprint.remove(entry.fingerprint, entry);
    }
  }
}
