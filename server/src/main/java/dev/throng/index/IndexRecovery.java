package dev.throng.index;

import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LostDocuments;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.LiveVersions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an index and the catalogue consistent: unknown chunks are deleted, and documents whose
 * chunks are lost are ingested again.
 */
final class IndexRecovery {
  private static final Logger log = LoggerFactory.getLogger(IndexRecovery.class);

  /** Time for an index to report whether it has everything that is live. */
  private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);

  /** Maximum number of lost documents named in the log. */
  private static final int URIS_NAMED = 10;

  private final CollectionRef ref;
  private final Catalog catalog;
  private final ChunkIndex index;

  IndexRecovery(CollectionRef ref, Catalog catalog, ChunkIndex index) {
    this.ref = ref;
    this.catalog = catalog;
    this.index = index;
  }

  /**
   * Deletes chunks that a crash left: those of versions that the catalogue does not know, or that
   * are no longer being written.
   */
  void recover() {
    // The order matters, because other replicas may publish in the meantime: a live document has
    // chunks, and the catalogue lists a version before it has any.
    CollectionState state = catalog.state(ref);
    Set<Long> indexed = index.versions();
    Set<Long> abandoned = catalog.abandonedVersions(ref);
    Set<Long> unknown = unknown(indexed, abandoned);
    requeueDocumentsWithoutChunks(state, indexed);
    if (!unknown.isEmpty()) {
      log.info("{}: removing {} versions that were never published", ref, unknown.size());
      index.deleteVersions(unknown);
      index.commit();
    }
    catalog.forgetVersions(abandoned);
  }

  /**
   * Returns the versions with chunks that the catalogue does not know, or that are no longer being
   * written.
   */
  Set<Long> unknown(Set<Long> indexed, Set<Long> abandoned) {
    Set<Long> known = catalog.versions(ref);
    known.removeAll(abandoned);
    Set<Long> unknown = new HashSet<>(indexed);
    unknown.removeAll(known);
    return unknown;
  }

  /**
   * Ingests documents again whose chunks were lost while the server ran. As long as the catalogue
   * lists them as present, every search fails.
   */
  void requeueLost(CollectionState state) {
    LiveVersions live =
        new LiveVersions(state.epoch(), state.byVersion().keySet(), state::chunkCountOf);
    if (!index.hasAll(live, Deadline.after(Ticker.system(), LOOK_TIMEOUT))) {
      requeueDocumentsWithoutChunks(state, index.versions());
    }
  }

  /**
   * Ingests documents again that an index has lost because its folder was deleted, damaged, or
   * restored from elsewhere. Otherwise the index would never answer from them, although the
   * catalogue lists them as present.
   */
  private void requeueDocumentsWithoutChunks(CollectionState state, Set<Long> indexed) {
    Set<Long> missing = new HashSet<>(state.byVersion().keySet());
    missing.removeAll(indexed);
    Set<Long> lost = missing.isEmpty() ? missing : lostEverywhere(missing);
    if (lost.isEmpty()) {
      return;
    }
    LostDocuments documents = catalog.requeueLost(ref, lost);
    log.warn(
        "{}: the index lacks {} documents: {} are ingested again from their originals, {} must be read"
            + " or sent again{}",
        ref,
        lost.size(),
        documents.queued(),
        documents.gone().size(),
        documents.gone().stream()
            .limit(URIS_NAMED)
            .collect(Collectors.joining(", ", documents.gone().isEmpty() ? "" : ": ", "")));
  }

  /**
   * Returns the documents that no copy of the index has. A single copy that lags behind is no
   * reason to remove a document.
   */
  private Set<Long> lostEverywhere(Set<Long> missing) {
    try {
      return index.lost(missing);
    } catch (ThrongException e) {
      log.warn(
          "{}: unknown whether {} documents are lost, because a copy of the index is unavailable: {}",
          ref,
          missing.size(),
          e.getMessage());
      return Set.of();
    }
  }
}
