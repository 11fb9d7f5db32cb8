package dev.throng.index;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Listeners;
import dev.throng.core.Periodic;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writers of the live indexes, one for each collection that was used since the start. In the
 * background they publish what is due, and their indexes are verified.
 */
final class CollectionWriters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CollectionWriters.class);
  private static final Duration MIN_SWEEP_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MIN_PUBLISH_POLL = Duration.ofMillis(50);

  /** Interval between verifications, so that they do not slow down the startup. */
  private static final Duration VERIFY_INTERVAL = Duration.ofSeconds(5);

  private final Catalog catalog;
  private final Function<CollectionState, ChunkIndex> liveIndex;
  private final IngestConfig config;
  private final InstantSource clock;
  private final ConcurrentMap<CollectionRef, CollectionWriter> writers = new ConcurrentHashMap<>();
  private final ReentrantLock opening = new ReentrantLock();
  private final Periodic publisher;
  private final Periodic verifier;
  private Instant swept;
  private final Listeners<ClaimListener> listeners = new Listeners<>();

  /**
   * Starts to publish and verify.
   *
   * @param liveIndex opens the live index of a collection
   */
  CollectionWriters(
      Catalog catalog,
      Function<CollectionState, ChunkIndex> liveIndex,
      IngestConfig config,
      InstantSource clock) {
    this.catalog = catalog;
    this.liveIndex = liveIndex;
    this.config = config;
    this.clock = clock;
    this.swept = clock.instant();
    this.publisher = Periodic.start("publisher", publishPoll(config), this::publishWhatIsDue);
    this.verifier =
        Periodic.start(
            Thread.ofPlatform().name("verifier").daemon(), VERIFY_INTERVAL, this::verifyAll);
  }

  private static Duration publishPoll(IngestConfig config) {
    Duration poll = config.publishInterval().dividedBy(4);
    return poll.compareTo(MIN_PUBLISH_POLL) < 0 ? MIN_PUBLISH_POLL : poll;
  }

  /** Adds a listener for the results of jobs whose documents were written. */
  void onEnd(ClaimListener ends) {
    listeners.add(ends);
  }

  /** Returns the writer of the live index of a collection. */
  CollectionWriter of(CollectionRef ref) {
    CollectionWriter known = writers.get(ref);
    if (known != null && known.isFor(catalog.state(ref).indexNumber())) {
      return known;
    }
    opening.lock();
    try {
      return open(ref);
    } finally {
      opening.unlock();
    }
  }

  /** Returns the writer of the live index of a state. */
  CollectionWriter of(CollectionState state) {
    CollectionWriter writer = of(state.ref());
    if (writer.indexNumber() != state.indexNumber()) {
      throw new ThrongException(
          ErrorCode.INDEX_SWITCHED, state.ref() + " has just switched to another index");
    }
    return writer;
  }

  private CollectionWriter open(CollectionRef ref) {
    CollectionState state = catalog.state(ref);
    CollectionWriter known = writers.get(ref);
    if (known != null && known.isFor(state.indexNumber())) {
      return known; // another thread was faster
    }
    CollectionWriter writer =
        new CollectionWriter(
            ref, state.indexNumber(), catalog, liveIndex.apply(state), config, clock, listeners);
    writer.recover(); // removes incomplete versions of a crash
    if (known != null) {
      known.retire(state.byVersion().keySet());
    }
    writers.put(ref, writer);
    return writer;
  }

  /** Discards what was written into a deleted collection and not published. */
  void forgetDeleted(CollectionRef ref) {
    CollectionWriter writer = writers.get(ref);
    if (writer != null && catalog.find(ref).isEmpty() && writers.remove(ref, writer)) {
      writer.retire(Set.of());
    }
  }

  /** Returns why the written documents of a collection cannot be published now. */
  Blocker blockerOf(CollectionRef ref) {
    CollectionWriter writer = writers.get(ref);
    return writer == null ? Blocker.NONE : writer.blocker();
  }

  @Override
  public void close() {
    publisher.close();
    verifier.close();
  }

  private void publishWhatIsDue() {
    Duration sweepInterval = config.deletionGrace().plus(MIN_SWEEP_INTERVAL);
    boolean isSweepDue = !swept.plus(sweepInterval).isAfter(clock.instant());
    writers.values().forEach(writer -> publish(writer, isSweepDue));
    writers.forEach(this::replaceIfDue);
    swept = isSweepDue ? clock.instant() : swept;
  }

  /** Publishes what is waiting. A sweep also deletes chunks that are no longer needed. */
  private static void publish(CollectionWriter writer, boolean isSweep) {
    try {
      if (isSweep) {
        writer.sweep();
      } else {
        writer.publishIfDue();
      }
    } catch (RuntimeException e) {
      log.debug("publishing failed, retrying", e);
    }
  }

  /**
   * Replaces the writer if necessary. If the index is damaged, its content is ingested again into
   * an empty one. After a switch, the new index is checked for completeness.
   */
  private void replaceIfDue(CollectionRef ref, CollectionWriter writer) {
    try {
      Optional<CollectionState> state = catalog.find(ref);
      if (state.isEmpty()) {
        forgetDeleted(ref); // the collection was deleted
      } else if (!writer.isFor(state.get().indexNumber())) {
        var _ = of(ref);
      }
    } catch (RuntimeException e) {
      log.debug("{}: its index cannot be replaced yet", ref, e);
    }
  }

  private void verifyAll() {
    writers.values().forEach(CollectionWriters::verify);
  }

  private static void verify(CollectionWriter writer) {
    try {
      writer.verify();
    } catch (RuntimeException e) {
      log.debug("an index could not be verified", e); // it is being closed or replaced
    }
  }
}
