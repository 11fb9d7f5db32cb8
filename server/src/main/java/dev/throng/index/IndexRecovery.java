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
 * Makes an index and the catalogue agree again: chunks that nobody knows go, and documents whose
 * chunks are lost are taken in again.
 */
final class IndexRecovery {
  private static final Logger log = LoggerFactory.getLogger(IndexRecovery.class);

  /** For an index to tell whether it has all that is live. */
  private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(10);

  /** Of documents that are lost, in the log. */
  private static final int URIS_NAMED = 10;

  private final CollectionRef ref;
  private final Catalog catalog;
  private final ChunkIndex index;

  IndexRecovery(CollectionRef ref, Catalog catalog, ChunkIndex index) {
    this.ref = ref;
    this.catalog = catalog;
    this.index = index;
  }

  /** Deletes chunks of versions that nobody knows or goes on with: what a crash left. */
  void recover() {
    // In this order, because other replicas may publish meanwhile: a document that is live has
    // chunks, and the catalogue knows a version before it has any.
    CollectionState state = catalog.state(ref);
    Set<Long> indexed = index.versions();
    Set<Long> abandoned = catalog.abandonedVersions(ref);
    Set<Long> unknown = unknown(indexed, abandoned);
    takeOutDocumentsWithoutChunks(state, indexed);
    if (!unknown.isEmpty()) {
      log.info("{}: removing {} versions that were never published", ref, unknown.size());
      index.deleteVersions(unknown);
      index.commit();
    }
    catalog.forgetVersions(abandoned);
  }

  /** Of versions with chunks those that nobody knows or goes on with. */
  Set<Long> unknown(Set<Long> indexed, Set<Long> abandoned) {
    Set<Long> known = catalog.versions(ref);
    known.removeAll(abandoned);
    Set<Long> unknown = new HashSet<>(indexed);
    unknown.removeAll(known);
    return unknown;
  }

  /**
   * Takes documents in again whose chunks were lost while the server ran: as long as the catalogue
   * says that they are there, every search fails.
   */
  void takeOutLost(CollectionState state) {
    LiveVersions live =
        new LiveVersions(state.epoch(), state.byVersion().keySet(), state::chunkCountOf);
    if (!index.hasAll(live, Deadline.after(Ticker.system(), LOOK_TIMEOUT))) {
      takeOutDocumentsWithoutChunks(state, index.versions());
    }
  }

  /**
   * An index that lost documents (its folder was deleted, damaged, or restored from elsewhere)
   * would answer nothing for ever: the catalogue says that they are there. So they are taken in
   * again.
   */
  private void takeOutDocumentsWithoutChunks(CollectionState state, Set<Long> indexed) {
    Set<Long> missing = new HashSet<>(state.byVersion().keySet());
    missing.removeAll(indexed);
    Set<Long> lost = missing.isEmpty() ? missing : lostEverywhere(missing);
    if (lost.isEmpty()) {
      return;
    }
    LostDocuments documents = catalog.requeueLost(ref, lost);
    log.warn(
        "{}: the index lacks {} documents; {} are taken in again from their originals, {} must be read"
            + " or sent again{}",
        ref,
        lost.size(),
        documents.queued(),
        documents.gone().size(),
        documents.gone().stream()
            .limit(URIS_NAMED)
            .collect(Collectors.joining(", ", documents.gone().isEmpty() ? "" : ": ", "")));
  }

  /** One copy of the index that lags behind is no reason to take a document out. */
  private Set<Long> lostEverywhere(Set<Long> missing) {
    try {
      return index.lost(missing);
    } catch (ThrongException e) {
      log.warn(
          "{}: whether {} documents are lost cannot be told while a copy of the index is away: {}",
          ref,
          missing.size(),
          e.getMessage());
      return Set.of();
    }
  }
}
