package dev.throng.catalog;

import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Documents whose chunks are lost with an index. The catalogue must not list them as present. Those
 * that clients sent still have their originals, and are ingested again from them.
 *
 * @param queued number of documents with a job that restores them
 * @param gone uris, in order, of documents without a stored original and without a newer version
 *     being ingested
 */
public record LostDocuments(int queued, List<String> gone) {
  private static final LostDocuments NONE = new LostDocuments(0, List.of());

  /** Removes versions that no index has, and queues jobs for those with originals. */
  static LostDocuments requeue(CollectionMoves moves, CollectionRef ref, Set<Long> versions) {
    LostDocuments[] lost = {NONE};
    var _ =
        moves.of(
            List.of(ref),
            (transaction, before, now) -> {
              List<LiveDocument> documents =
                  versions.stream()
                      .map(before.byVersion()::get)
                      .filter(Objects::nonNull) // another replica was faster
                      .toList();
              if (documents.isEmpty()) {
                return before;
              }
              lost[0] = queue(transaction, ref, documents, now);
              Publication removal = new Publication(List.of(), ids(documents), Set.of());
              CollectionState after = PublicationWriter.apply(before, removal, now);
              PublicationWriter.write(transaction, removal, now, before, after);
              return after;
            });
    return lost[0];
  }

  private static Set<String> ids(List<LiveDocument> documents) {
    return documents.stream().map(LiveDocument::id).collect(Collectors.toUnmodifiableSet());
  }

  private static LostDocuments queue(
      Handle transaction, CollectionRef ref, List<LiveDocument> documents, Instant now) {
    int queued = 0;
    List<String> gone = new ArrayList<>();
    for (LiveDocument document : documents) {
      Original original = VersionRows.original(transaction, document.version());
      if (original.blob().isKept()) {
        JobRows.insert(transaction, ref, job(document, original, now), now);
        queued++;
      } else if (!JobRows.isOpenFor(transaction, document.id())) {
        gone.add(document.uri());
      }
    }
    return new LostDocuments(queued, gone.stream().sorted().toList());
  }

  private static NewJob job(LiveDocument document, Original original, Instant now) {
    // The time is part of the id, because a catalogue restored from a backup may lose a version
    // again.
    Hash id =
        new Hash.Builder()
            .add(document.id())
            .add(document.version())
            .add(now.toEpochMilli())
            .build();
    DocumentSource source =
        new DocumentSource(
            document.uri(),
            original.name().isEmpty() ? document.uri() : original.name(),
            document.title(),
            document.metadata(),
            document.modifiedAt(),
            original.blob());
    return new NewJob(
        "restore-" + id.hex().substring(0, 20), new JobSpec.Document(document.id(), source, true));
  }
}
