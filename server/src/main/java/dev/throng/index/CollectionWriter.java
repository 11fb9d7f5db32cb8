package dev.throng.index;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Publication;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Listeners;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of a collection's index, and the protocol by which documents become visible:
 *
 * <ol>
 *   <li>Chunks are written, tagged with a version that is not live, so no search shows them.
 *   <li>The index commits. The chunks are durable and readable.
 *   <li>One catalogue transaction makes the versions live and moves the epoch. All of them become
 *       visible together.
 *   <li>Chunks of the replaced versions are deleted by a later publish, after a grace period.
 * </ol>
 *
 * <p>After a crash between any two steps the catalogue is authoritative, and {@link #recover}
 * removes the rest. Deleting chunks moves the epoch, too, because an epoch identifies one state of
 * the index.
 */
final class CollectionWriter {
  private static final Logger log = LoggerFactory.getLogger(CollectionWriter.class);

  private final CollectionRef ref;
  private final long indexNumber;
  private final Catalog catalog;
  private final ChunkIndex index;
  private final IngestConfig config;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Listeners<ClaimListener> listeners;
  private final IndexRecovery recovery;
  private final PendingChanges pending = new PendingChanges();
  private long incarnation;
  private boolean isRetired;
  private volatile Blocker blocker = Blocker.NONE;
  private Instant lastPublish = Instant.EPOCH;

  /**
   * Creates the writer of an index.
   *
   * @param indexNumber the number of {@code index}
   * @param listeners receive the results of the jobs of complete versions
   */
  CollectionWriter(
      CollectionRef ref,
      long indexNumber,
      Catalog catalog,
      ChunkIndex index,
      IngestConfig config,
      InstantSource clock,
      Listeners<ClaimListener> listeners) {
    this.ref = ref;
    this.indexNumber = indexNumber;
    this.catalog = catalog;
    this.index = index;
    this.config = config;
    this.clock = clock;
    this.listeners = listeners;
    this.recovery = new IndexRecovery(ref, catalog, index);
  }

  /** Returns the number of the index that it writes. */
  long indexNumber() {
    return indexNumber;
  }

  /** Returns whether it writes that index of the collection, and the index need not be replaced. */
  boolean isFor(long liveIndex) {
    return indexNumber == liveIndex && !index.isDamaged();
  }

  /** Like {@link ChunkIndex#verify}. */
  void verify() {
    index.verify();
  }

  /** Like {@link IndexRecovery#recover}. Called before the first write. */
  void recover() {
    recovery.recover();
  }

  /**
   * The writing of one version, from its first chunk to its end. It must be started by {@link
   * #begin} before the first write, and ended by {@link #add} or {@link #abandon}.
   *
   * @param incarnation the incarnation of the index that received its chunks; an index that breaks
   *     loses its uncommitted changes
   */
  record Draft(long version, long incarnation) {}

  Draft begin(long version) {
    lock.lock();
    try {
      return new Draft(version, incarnation);
    } finally {
      lock.unlock();
    }
  }

  /** Writes some of a version's chunks, which no search shows yet. */
  void write(Draft draft, List<EmbeddedChunk> chunks) {
    lock.lock();
    try {
      checkIncarnation(draft);
      runChange(() -> index.write(chunks));
      pending.countChunks(chunks.size());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records a version as complete. It becomes visible with the next publish.
   *
   * @param claim the job that ends with it, or null
   */
  void add(Draft draft, LiveDocument document, @Nullable JobClaim claim) {
    lock.lock();
    try {
      checkIncarnation(draft);
      pending.add(document, claim);
    } finally {
      lock.unlock();
    }
  }

  /** Abandons a version. Its chunks are deleted by the next publish. */
  void abandon(Draft draft) {
    lock.lock();
    try {
      pending.discard(draft.version());
    } finally {
      lock.unlock();
    }
  }

  private void checkIncarnation(Draft draft) {
    if (draft.incarnation() != incarnation) {
      throw new ThrongException(
          isRetired ? ErrorCode.INDEX_SWITCHED : ErrorCode.STORE_FAILED,
          ref + ": uncommitted changes are lost, because the index broke or was replaced");
    }
  }

  private void runChange(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      recoverFrom(e);
      throw e;
    }
  }

  /** Reopens an index that broke, for example because the disk was full. */
  private void recoverFrom(RuntimeException failure) {
    boolean isLost;
    try {
      isLost = index.recover();
    } catch (RuntimeException e) {
      failure.addSuppressed(e); // the next change tries again
      return;
    }
    if (isLost) {
      incarnation++;
      log.warn("{}: unpublished documents are written again: {}", ref, failure.getMessage());
      pending.lost(listeners, failure);
    }
  }

  /**
   * Records documents as deleted. They stay visible until the next publish. What was written of
   * them since the last one never becomes visible.
   */
  void remove(Collection<String> documentIds) {
    lock.lock();
    try {
      pending.remove(documentIds);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes documents immediately. No search that begins after it finds them, and no version of
   * them that was written before it becomes visible. This is a publish of its own, because what
   * waits for the next publish may have to wait longer. When it fails, nothing is deleted, now or
   * later.
   */
  CollectionState removeNow(Collection<String> documentIds) {
    lock.lock();
    try {
      Set<String> ids = Set.copyOf(documentIds);
      CollectionState state = catalog.publish(ref, new Publication(List.of(), ids, Set.of()));
      pending.removed(ids);
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Publishes what is waiting when enough time has passed or enough chunks have gathered. */
  void publishIfDue() {
    lock.lock();
    try {
      if (!pending.isEmpty() && (isPublishDue() || pending.chunks() >= config.batchChunks())) {
        publish();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isPublishDue() {
    Instant now = clock.instant();
    boolean isSetBack = now.isBefore(lastPublish); // a clock set back must not delay documents
    return isSetBack || !lastPublish.plus(config.publishInterval()).isAfter(now);
  }

  /**
   * Like {@link #publish}, but also removes what other replicas left when they died while writing a
   * version, and ingests documents again whose chunks were lost since the start. While the index
   * lacks live documents, every search fails.
   */
  void sweep() {
    lock.lock();
    try {
      pending.discardAll(catalog.abandonedVersions(ref));
      CollectionState state = publish();
      if (state.indexNumber() == indexNumber) {
        recovery.requeueLost(state);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes the chunks of all versions that are not live and that are not being written, without
   * the grace period. What waits for the next publish is published first.
   *
   * @return those versions; no search finds their chunks any more, but the catalogue may still list
   *     them
   */
  Set<Long> deleteDead() {
    lock.lock();
    try {
      publish();
      // The order matters, as in recover: the catalogue lists a version before it has a chunk.
      Set<Long> indexed = index.versions();
      Set<Long> abandoned = catalog.abandonedVersions(ref);
      Set<Long> gone = recovery.unknown(indexed, abandoned);
      gone.addAll(abandoned);
      gone.addAll(pending.discarded());
      gone.addAll(catalog.state(ref).deadVersions());
      runChange(() -> {
        index.deleteVersions(gone);
        index.commit();
      });
      if (!Collections.disjoint(index.versions(), gone)) {
        throw new ThrongException(
            ErrorCode.STORE_FAILED, ref + ": deleted chunks are still present");
      }
      pending.discardedAreDeleted();
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /** Returns why the last publish failed, if it did. */
  Blocker blocker() {
    return blocker;
  }

  /**
   * Makes everything that was written and removed since the last publish visible together. Does
   * nothing when there is nothing to publish.
   */
  CollectionState publish() {
    try {
      CollectionState state = tryToPublish();
      if (!blocker.isNone()) {
        log.info("{}: publishing works again", ref);
        blocker = Blocker.NONE;
      }
      return state;
    } catch (RuntimeException e) {
      if (isDeleted(e)) {
        log.debug("{} is deleted, so this writer is about to be closed", ref);
      } else if (blocker.isNone()) {
        log.warn("{}: publishing failed and is retried: {}", ref, e.toString());
      }
      blocker = Blocker.of(e);
      throw e;
    }
  }

  private static boolean isDeleted(RuntimeException failure) {
    return failure instanceof ThrongException e && e.code() == ErrorCode.UNKNOWN_COLLECTION;
  }

  private CollectionState tryToPublish() {
    lock.lock();
    try {
      Set<Long> purged = versionsPastGrace();
      Publication publication = pending.publication(indexNumber, purged);
      Set<Long> discarded = pending.discarded();
      if (publication.isEmpty() && discarded.isEmpty()) {
        return catalog.state(ref);
      }
      runChange(() -> {
        index.deleteVersions(discarded);
        index.deleteVersions(purged);
        index.commit();
      });
      catalog.forgetVersions(discarded);
      pending.discardedAreDeleted();
      CollectionState state = catalog.publish(ref, publication);
      if (state.indexNumber() != indexNumber) {
        retire(state.byVersion().keySet());
        return state;
      }
      publication
          .claims()
          .values()
          .forEach(claim -> listeners.tell(listener -> listener.ended(claim)));
      pending.published(state);
      lastPublish = clock.instant();
      return state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Retires this writer, because the collection has switched to another index. The jobs of versions
   * that were written into this index and are not live are done again.
   *
   * @param live versions of the collection as it is now; none when it is deleted
   */
  void retire(Set<Long> live) {
    lock.lock();
    try {
      incarnation++;
      isRetired = true;
      ThrongException switched =
          new ThrongException(
              ErrorCode.INDEX_SWITCHED, ref + " has just switched to another index, or is deleted");
      pending.retire(live, listeners, switched);
      catalog.forgetVersions(pending.discarded());
      pending.discardedAreDeleted();
    } finally {
      lock.unlock();
    }
  }

  private Set<Long> versionsPastGrace() {
    Instant diedBefore = clock.instant().minus(config.deletionGrace());
    return catalog.state(ref).dead().entrySet().stream()
        .filter(dead -> dead.getValue().isBefore(diedBefore))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
