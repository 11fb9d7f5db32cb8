package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers of a collection that an operator has made unusable: for each target the epoch before
 * which nothing about it counts. A target is the whole collection, a question, or a document that
 * answers are made from.
 */
public record Invalidations(Map<String, Long> epochs) {
  public static final Invalidations NONE = new Invalidations(Map.of());

  /** The target that stands for every answer of the collection. */
  static final String WHOLE = "";

  /** No target: stands for when the collection was purged last, see {@link Purges}. */
  static final String PURGED = "purged";

  /**
   * So many are held in every replica's memory; with one more the whole collection is the target.
   */
  static final int MAX_TARGETS = 1_000;

  private static final int QUESTION_CHARS = 64;

  /** The epoch before which no answer to this question from these sources counts; 0 for none. */
  public long epochFor(Hash question, List<Source> sources) {
    if (epochs.isEmpty()) {
      return 0;
    }
    long epoch = Math.max(of(WHOLE), of(question.hex()));
    for (Source source : sources) {
      epoch = Math.max(epoch, of(source.passage().documentId()));
    }
    return epoch;
  }

  /** The epoch at which anything was invalidated or purged last; 0 for never. */
  public long newest() {
    return epochs.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The epoch at which what belonged to dead versions was removed last; 0 for never. */
  public long purgedAt() {
    return of(PURGED);
  }

  /** These as they are when the collection is purged. */
  Invalidations purged(long epoch, Set<String> liveDocumentIds) {
    Map<String, Long> left = new HashMap<>(epochs);
    left.keySet().removeIf(target -> isDocument(target) && !liveDocumentIds.contains(target));
    left.put(PURGED, epoch);
    return new Invalidations(Map.copyOf(left));
  }

  /** Questions are longer hashes. */
  private static boolean isDocument(String target) {
    return !target.isEmpty() && !target.equals(PURGED) && target.length() < QUESTION_CHARS;
  }

  /** Whether every answer from before this epoch is unusable. */
  public boolean isWholeBefore(long epoch) {
    return of(WHOLE) >= epoch;
  }

  /** These and one more. */
  Invalidations with(String target, long epoch) {
    boolean isKnown = epochs.containsKey(target);
    if (target.equals(WHOLE) || (!isKnown && epochs.size() >= MAX_TARGETS)) {
      return new Invalidations(
          purgedAt() == 0 ? Map.of(WHOLE, epoch) : Map.of(WHOLE, epoch, PURGED, purgedAt()));
    }
    Map<String, Long> more = new HashMap<>(epochs);
    more.put(target, epoch);
    return new Invalidations(Map.copyOf(more));
  }

  private long of(String target) {
    return epochs.getOrDefault(target, 0L);
  }
}
