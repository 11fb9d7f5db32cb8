package dev.throng.index;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Publication;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a collection's index, and the protocol by which documents become visible:
 *
 * <ol>
 *   <li>chunks are written, tagged with a version that is not live, so no search shows them;
 *   <li>the index commits: they are durable and readable;
 *   <li>one catalogue transaction makes the versions live and moves the epoch: now they are seen,
 *       all at once;
 *   <li>chunks of the versions they replaced are deleted after a grace, by a later publish.
 * </ol>
 *
 * <p>A crash between any two steps leaves what the catalogue says; {@link #recover} removes the
 * rest. Deleting chunks moves the epoch, too: an epoch names one state of the index.
 */
final class CollectionWriter {
  private static final Logger log = LoggerFactory.getLogger(CollectionWriter.class);

  private final CollectionRef ref;
  private final long generation;
  private final Catalog catalog;
  private final ChunkIndex index;
  private final IngestConfig config;
  private final InstantSource clock;

  /** A version that is whole and waits for the next publish. */
  private record Written(LiveDocument document, @Nullable JobClaim claim) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final ClaimListener listener;
  private final IndexRecovery recovery;
  private final Map<String, Written> writtenByUri = new HashMap<>();
  private final Set<String> removedDocumentIds = new HashSet<>();

  /** Versions that were written, wholly or in part, and shall never be live. */
  private final Set<Long> discarded = new HashSet<>();

  private long incarnation;
  private volatile Blocker blocker = Blocker.NONE;
  private Instant lastPublish = Instant.EPOCH;
  private int chunksSincePublish;

  /**
   * @param generation names {@code index}
   * @param listener told what becomes of the jobs of versions that were whole
   */
  CollectionWriter(
      CollectionRef ref,
      long generation,
      Catalog catalog,
      ChunkIndex index,
      IngestConfig config,
      InstantSource clock,
      ClaimListener listener) {
    this.ref = ref;
    this.generation = generation;
    this.catalog = catalog;
    this.index = index;
    this.config = config;
    this.clock = clock;
    this.listener = listener;
    this.recovery = new IndexRecovery(ref, catalog, index);
  }

  /** The index that it writes. */
  long generation() {
    return generation;
  }

  /** Whether it writes that index of the collection, and the index need not give way to another. */
  boolean isFor(long liveGeneration) {
    return generation == liveGeneration && !index.isDamaged();
  }

  /** As {@link ChunkIndex#verify}. */
  void verify() {
    index.verify();
  }

  /** As {@link IndexRecovery#recover}. Called before the first write. */
  void recover() {
    recovery.recover();
  }

  /**
   * What one version is written through, from its first chunk to its end. It must be begun before
   * the first write, and ended by {@link #add} or {@link #abandon}.
   *
   * @param incarnation which incarnation of the index its chunks went into: one that breaks loses
   *     what it had not committed
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

  /** Writes some of a version's chunks; no search shows them. */
  void write(Draft draft, List<EmbeddedChunk> chunks) {
    lock.lock();
    try {
      checkLife(draft);
      changing(() -> index.write(chunks));
      chunksSincePublish += chunks.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes a version as whole; it becomes visible with the next publish.
   *
   * @param claim the job that ends with it, or null
   */
  void add(Draft draft, LiveDocument document, @Nullable JobClaim claim) {
    lock.lock();
    try {
      checkLife(draft);
      Written before = writtenByUri.put(document.uri(), new Written(document, claim));
      if (before != null) {
        discarded.add(before.document().version());
      }
      removedDocumentIds.remove(document.id());
    } finally {
      lock.unlock();
    }
  }

  /** Gives a version up; its chunks go with the next publish. */
  void abandon(Draft draft) {
    lock.lock();
    try {
      discarded.add(draft.version());
    } finally {
      lock.unlock();
    }
  }

  private void checkLife(Draft draft) {
    if (draft.incarnation() != incarnation) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          ref + ": what was not committed is lost: the index broke, or another one took its place");
    }
  }

  private void changing(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      recoverFrom(e);
      throw e;
    }
  }

  /** A disk that was full, for one, breaks an index so that it must be opened again. */
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
      log.warn("{}: what was not published is written again: {}", ref, failure.getMessage());
      writtenByUri.values().stream()
          .map(Written::claim)
          .filter(Objects::nonNull)
          .forEach(claim -> listener.lost(claim, failure));
      writtenByUri.clear();
      chunksSincePublish = 0;
    }
  }

  /**
   * Notes documents as deleted; they stay visible until the next publish. What was written of them
   * since the last one never becomes visible.
   */
  void remove(Collection<String> documentIds) {
    lock.lock();
    try {
      removedDocumentIds.addAll(documentIds);
      leaveOut(documentIds);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what was written of documents since the last publish. */
  private void leaveOut(Collection<String> documentIds) {
    writtenByUri
        .values()
        .removeIf(written -> {
          boolean isLeftOut = documentIds.contains(written.document().id());
          if (isLeftOut) {
            discarded.add(written.document().version());
          }
          return isLeftOut;
        });
  }

  /**
   * Deletes documents at once: no search that begins after it finds them, and no version of them
   * that was written before it becomes visible. Alone, because what waits for the next publish may
   * have to wait longer. When it fails, nothing is deleted, now or later.
   */
  CollectionState removeNow(Collection<String> documentIds) {
    lock.lock();
    try {
      Set<String> ids = Set.copyOf(documentIds);
      CollectionState state = catalog.publish(ref, new Publication(List.of(), ids, Set.of()));
      leaveOut(ids);
      removedDocumentIds.removeAll(ids);
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Publishes what waits when enough time has passed or enough chunks have gathered. */
  void publishIfDue() {
    lock.lock();
    try {
      boolean waits = !writtenByUri.isEmpty() || !removedDocumentIds.isEmpty();
      if (waits && (isPublishDue() || chunksSincePublish >= config.batchChunks())) {
        publish();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isPublishDue() {
    Instant now = clock.instant();
    boolean isSetBack = now.isBefore(lastPublish); // the clock: it must not hold up documents
    return isSetBack || !lastPublish.plus(config.publishInterval()).isAfter(now);
  }

  /**
   * As {@link #publish}; takes also what other replicas left when they died in the middle of a
   * version, and takes documents in again whose chunks were lost since the start: no search goes on
   * while the index lacks what is live.
   */
  void sweep() {
    lock.lock();
    try {
      discarded.addAll(catalog.abandonedVersions(ref));
      CollectionState state = publish();
      if (state.generation() == generation) {
        recovery.takeOutLost(state);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes the chunks of all versions that are not live and that nobody is writing, without
   * waiting for the grace. What waits for the next publish is published before.
   *
   * @return those versions; no search finds their chunks any more, and the catalogue may know them
   */
  Set<Long> deleteDead() {
    lock.lock();
    try {
      publish();
      // In this order, as in recover: the catalogue knows a version before it has a chunk.
      Set<Long> indexed = index.versions();
      Set<Long> abandoned = catalog.abandonedVersions(ref);
      Set<Long> gone = recovery.unknown(indexed, abandoned);
      gone.addAll(abandoned);
      gone.addAll(discarded);
      gone.addAll(catalog.state(ref).deadVersions());
      changing(() -> {
        index.deleteVersions(gone);
        index.commit();
      });
      if (!Collections.disjoint(index.versions(), gone)) {
        throw new ThrongException(
            ErrorCode.STORE_FAILED, ref + ": chunks that were deleted are still there");
      }
      discarded.clear();
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /** Why the last publish failed, if it did. */
  Blocker blocker() {
    return blocker;
  }

  /**
   * Makes everything written and removed since the last publish visible, at once. Does nothing when
   * there is nothing.
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
        log.debug("{} is deleted; this writer is about to be given up", ref);
      } else if (blocker.isNone()) {
        log.warn("{}: publishing failed, it is tried again: {}", ref, e.toString());
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
      Publication publication = publication(purged);
      if (publication.isEmpty() && discarded.isEmpty()) {
        return catalog.state(ref);
      }
      changing(() -> {
        index.deleteVersions(discarded);
        index.deleteVersions(purged);
        index.commit();
      });
      catalog.forgetVersions(discarded);
      discarded.clear();
      CollectionState state = catalog.publish(ref, publication);
      if (state.generation() != generation) {
        retire(state.byVersion().keySet());
        return state;
      }
      publication.live().stream()
          .map(LiveDocument::version)
          .filter(version -> !state.isLive(version)) // its job was cancelled or taken over
          .forEach(discarded::add);
      publication.claims().values().forEach(listener::ended);
      writtenByUri.clear();
      removedDocumentIds.clear();
      chunksSincePublish = 0;
      lastPublish = clock.instant();
      return state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The collection is in another index now. What was written into this one and is not live is done
   * again by who brought it.
   *
   * @param live versions of the collection as it is now; none when it is deleted
   */
  void retire(Set<Long> live) {
    lock.lock();
    try {
      incarnation++;
      ThrongException switched =
          new ThrongException(
              ErrorCode.STORE_FAILED, ref + " has just switched to another index, or is deleted");
      for (Written written : writtenByUri.values()) {
        boolean isDone = live.contains(written.document().version());
        if (!isDone) {
          discarded.add(written.document().version());
        }
        if (written.claim() != null && isDone) {
          listener.ended(written.claim());
        } else if (written.claim() != null) {
          listener.lost(written.claim(), switched);
        }
      }
      writtenByUri.clear();
      removedDocumentIds.clear();
      catalog.forgetVersions(Set.copyOf(discarded));
      discarded.clear();
    } finally {
      lock.unlock();
    }
  }

  private Publication publication(Set<Long> purged) {
    Map<Long, JobClaim> claims = new HashMap<>();
    for (Written written : writtenByUri.values()) {
      if (written.claim() != null) {
        claims.put(written.document().version(), written.claim());
      }
    }
    return new Publication(
        generation,
        writtenByUri.values().stream().map(Written::document).toList(),
        Set.copyOf(removedDocumentIds),
        purged,
        Map.copyOf(claims));
  }

  private Set<Long> versionsPastGrace() {
    Instant diedBefore = clock.instant().minus(config.deletionGrace());
    return catalog.state(ref).dead().entrySet().stream()
        .filter(dead -> dead.getValue().isBefore(diedBefore))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
