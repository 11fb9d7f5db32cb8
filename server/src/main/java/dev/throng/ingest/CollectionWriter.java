package dev.throng.ingest;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Publication;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
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
  private final Catalog catalog;
  private final ChunkIndex index;
  private final IngestConfig config;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, LiveDocument> writtenByUri = new HashMap<>();
  private final Set<String> removedDocumentIds = new HashSet<>();
  private final Set<Long> supersededBeforeLive = new HashSet<>();
  private Instant lastPublish = Instant.EPOCH;
  private int chunksSincePublish;

  CollectionWriter(
      CollectionRef ref,
      Catalog catalog,
      ChunkIndex index,
      IngestConfig config,
      InstantSource clock) {
    this.ref = ref;
    this.catalog = catalog;
    this.index = index;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Deletes chunks of versions that nobody knows or goes on with: what a crash left. Called before
   * the first write.
   */
  void recover() {
    // In this order, because other replicas may publish meanwhile: a document that is live has
    // chunks, and the catalogue knows a version before it has any.
    CollectionState state = catalog.state(ref);
    Set<Long> indexed = index.versions();
    Set<Long> abandoned = catalog.abandonedVersions(ref);
    Set<Long> known = catalog.versions(ref);
    known.removeAll(abandoned);
    forgetDocumentsWithoutChunks(state, indexed);
    Set<Long> unknown = new HashSet<>(indexed);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      log.info("{}: removing {} versions that were never published", ref, unknown.size());
      index.deleteVersions(unknown);
      index.commit();
    }
    catalog.forgetVersions(abandoned);
  }

  /**
   * An index that lost documents (its folder was deleted, or restored from elsewhere) would answer
   * "I don't know" for ever: the catalogue says that they are there. So they are read anew.
   */
  private void forgetDocumentsWithoutChunks(CollectionState state, Set<Long> indexed) {
    Set<String> lost =
        state.byVersion().values().stream()
            .filter(document -> !indexed.contains(document.version()))
            .map(LiveDocument::id)
            .collect(Collectors.toUnmodifiableSet());
    if (!lost.isEmpty()) {
      log.warn("{}: the index lacks {} documents; ingest them again", ref, lost.size());
      catalog.publish(ref, new Publication(List.of(), lost, Set.of()));
    }
  }

  /** Writes the chunks of one version; they become visible with the next publish. */
  void write(LiveDocument document, List<EmbeddedChunk> chunks) {
    lock.lock();
    try {
      index.write(chunks);
      LiveDocument before = writtenByUri.put(document.uri(), document);
      if (before != null) {
        supersededBeforeLive.add(before.version());
      }
      removedDocumentIds.remove(document.id());
      chunksSincePublish += chunks.size();
    } finally {
      lock.unlock();
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
      writtenByUri
          .values()
          .removeIf(document -> {
            boolean isRemoved = documentIds.contains(document.id());
            if (isRemoved) {
              supersededBeforeLive.add(document.version());
            }
            return isRemoved;
          });
    } finally {
      lock.unlock();
    }
  }

  /** Publishes when enough time has passed or enough chunks have gathered. */
  void publishIfDue() {
    lock.lock();
    try {
      boolean timeHasCome = !lastPublish.plus(config.publishInterval()).isAfter(clock.instant());
      if (timeHasCome || chunksSincePublish >= config.batchChunks()) {
        publish();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes everything written and removed since the last publish visible, at once. Does nothing when
   * there is nothing.
   */
  CollectionState publish() {
    lock.lock();
    try {
      Set<Long> purged = versionsPastGrace();
      Publication publication =
          new Publication(
              List.copyOf(writtenByUri.values()), Set.copyOf(removedDocumentIds), purged);
      if (publication.isEmpty()) {
        return catalog.state(ref);
      }
      index.deleteVersions(supersededBeforeLive);
      index.deleteVersions(purged);
      index.commit();
      CollectionState state = catalog.publish(ref, publication);
      catalog.forgetVersions(supersededBeforeLive);
      writtenByUri.clear();
      removedDocumentIds.clear();
      supersededBeforeLive.clear();
      chunksSincePublish = 0;
      lastPublish = clock.instant();
      return state;
    } finally {
      lock.unlock();
    }
  }

  private Set<Long> versionsPastGrace() {
    Instant diedBefore = clock.instant().minus(config.deadGrace());
    return catalog.state(ref).dead().entrySet().stream()
        .filter(dead -> dead.getValue().isBefore(diedBefore))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }
}
