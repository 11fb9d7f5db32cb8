package dev.throng.index;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Publication;
import dev.throng.core.Listeners;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was written and removed since the last publish of a collection. State without I/O, which
 * {@link CollectionWriter} guards by its lock.
 */
final class PendingChanges {
  /** A version that is complete and waits for the next publish. */
  private record Written(LiveDocument document, @Nullable JobClaim claim) {
    long version() {
      return document.version();
    }
  }

  private final Map<String, Written> writtenByUri = new HashMap<>();
  private final Set<String> removedDocumentIds = new HashSet<>();

  /** Versions that were written, completely or partly, and must never become live. */
  private final Set<Long> discarded = new HashSet<>();

  private int chunks;

  /** Counts chunks that were written, whether or not their version is complete. */
  void countChunks(int written) {
    chunks += written;
  }

  int chunks() {
    return chunks;
  }

  /** Returns whether there is nothing that a publish would make visible. */
  boolean isEmpty() {
    return writtenByUri.isEmpty() && removedDocumentIds.isEmpty();
  }

  /** Adds a complete version, which replaces one of the same document that was not published. */
  void add(LiveDocument document, @Nullable JobClaim claim) {
    Written before = writtenByUri.put(document.uri(), new Written(document, claim));
    if (before != null) {
      discarded.add(before.version());
    }
    removedDocumentIds.remove(document.id());
  }

  /** Removes documents with the next publish. What was written of them is discarded. */
  void remove(Collection<String> documentIds) {
    removedDocumentIds.addAll(documentIds);
    discardDocuments(documentIds);
  }

  /** Must be called when documents have been removed by a publish of their own. */
  void removed(Set<String> documentIds) {
    discardDocuments(documentIds);
    removedDocumentIds.removeAll(documentIds);
  }

  private void discardDocuments(Collection<String> documentIds) {
    writtenByUri
        .values()
        .removeIf(written -> {
          boolean isDiscarded = documentIds.contains(written.document().id());
          if (isDiscarded) {
            discarded.add(written.version());
          }
          return isDiscarded;
        });
  }

  void discard(long version) {
    discarded.add(version);
  }

  void discardAll(Set<Long> versions) {
    discarded.addAll(versions);
  }

  /** Returns the versions whose chunks must be deleted. */
  Set<Long> discarded() {
    return Set.copyOf(discarded);
  }

  /** Must be called when the chunks of all discarded versions are deleted. */
  void discardedAreDeleted() {
    discarded.clear();
  }

  /**
   * Returns what the next publish makes visible.
   *
   * @param purged dead versions whose chunks are deleted before
   */
  Publication publication(long indexNumber, Set<Long> purged) {
    Map<Long, JobClaim> claims = new HashMap<>();
    for (Written written : writtenByUri.values()) {
      if (written.claim() != null) {
        claims.put(written.version(), written.claim());
      }
    }
    return new Publication(
        indexNumber,
        writtenByUri.values().stream().map(Written::document).toList(),
        Set.copyOf(removedDocumentIds),
        purged,
        Map.copyOf(claims));
  }

  /** Must be called when everything was published. */
  void published(CollectionState state) {
    writtenByUri.values().stream()
        .map(Written::version)
        .filter(version -> !state.isLive(version)) // its job was cancelled or taken over
        .forEach(discarded::add);
    writtenByUri.clear();
    removedDocumentIds.clear();
    chunks = 0;
  }

  /** Must be called when the index has lost all uncommitted chunks. */
  void lost(Listeners<ClaimListener> listeners, RuntimeException cause) {
    for (Written written : writtenByUri.values()) {
      JobClaim claim = written.claim();
      if (claim != null) {
        listeners.tell(listener -> listener.lost(claim, cause));
      }
    }
    writtenByUri.clear();
    chunks = 0;
  }

  /**
   * Must be called when the index is no longer the live one. Versions that are not live must be
   * written again.
   */
  void retire(Set<Long> live, Listeners<ClaimListener> listeners, RuntimeException cause) {
    for (Written written : writtenByUri.values()) {
      JobClaim claim = written.claim();
      boolean isDone = live.contains(written.version());
      if (!isDone) {
        discarded.add(written.version());
      }
      if (claim != null && isDone) {
        listeners.tell(listener -> listener.ended(claim));
      } else if (claim != null) {
        listeners.tell(listener -> listener.lost(claim, cause));
      }
    }
    writtenByUri.clear();
    removedDocumentIds.clear();
  }
}
