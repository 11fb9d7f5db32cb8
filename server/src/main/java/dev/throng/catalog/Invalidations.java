package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The answers of a collection that an operator has made unusable: for each target, the epoch before
 * which its answers are invalid.
 *
 * @param wholeEpoch the epoch for every answer of the collection, or 0 for none
 * @param documents the epochs for answers that were made from a document, by its id
 * @param questions the epochs for answers to a question, by the hash of its text
 * @param purgedAt not a target: the epoch at which dead versions were last purged, or 0 for never,
 *     see {@link Purges}
 */
public record Invalidations(
    long wholeEpoch, Map<String, Long> documents, Map<Hash, Long> questions, long purgedAt) {
  public static final Invalidations NONE = new Invalidations(0, Map.of(), Map.of(), 0);

  /**
   * Maximum number of documents and questions, because every replica holds them in memory. With one
   * more, the whole collection is the target.
   */
  static final int MAX_TARGETS = 1_000;

  /**
   * Returns the epoch before which answers to this question from these sources are invalid, or 0
   * for none.
   */
  public long epochFor(Hash question, List<Source> sources) {
    long epoch = Math.max(wholeEpoch, questions.getOrDefault(question, 0L));
    if (documents.isEmpty()) {
      return epoch;
    }
    for (Source source : sources) {
      epoch = Math.max(epoch, documents.getOrDefault(source.passage().documentId(), 0L));
    }
    return epoch;
  }

  /** Returns the epoch of the last invalidation or purge, or 0 for never. */
  public long newest() {
    LongStream targets =
        Stream.of(documents, questions)
            .flatMap(epochs -> epochs.values().stream())
            .mapToLong(Long::longValue);
    return Math.max(Math.max(wholeEpoch, purgedAt), targets.max().orElse(0));
  }

  /** Returns the invalidations after a purge of the collection. */
  Invalidations purged(long epoch, Set<String> liveDocumentIds) {
    Map<String, Long> left = new HashMap<>(documents);
    left.keySet().retainAll(liveDocumentIds);
    return new Invalidations(wholeEpoch, Map.copyOf(left), questions, epoch);
  }

  /** Returns whether every answer from before this epoch is unusable. */
  public boolean isWholeBefore(long epoch) {
    return wholeEpoch >= epoch;
  }

  /** Returns these invalidations and an additional one. */
  Invalidations with(InvalidationTarget target, long epoch) {
    Invalidations more =
        switch (target) {
          case InvalidationTarget.All _, InvalidationTarget.Collection _ -> whole(epoch);
          case InvalidationTarget.Document document ->
              new Invalidations(
                  wholeEpoch, with(documents, document.id(), epoch), questions, purgedAt);
          case InvalidationTarget.Question question ->
              new Invalidations(
                  wholeEpoch, documents, with(questions, question.text(), epoch), purgedAt);
        };
    return more.documents.size() + more.questions.size() > MAX_TARGETS ? whole(epoch) : more;
  }

  private Invalidations whole(long epoch) {
    return new Invalidations(epoch, Map.of(), Map.of(), purgedAt);
  }

  private static <T> Map<T, Long> with(Map<T, Long> epochs, T target, long epoch) {
    Map<T, Long> more = new HashMap<>(epochs);
    more.put(target, epoch);
    return Map.copyOf(more);
  }
}
