package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The answers of a collection that an operator has made unusable: for each target, the epoch before
 * which its answers are invalid. A target is the whole collection, a question, or a document that
 * answers are made from.
 */
public record Invalidations(Map<String, Long> epochs) {
  public static final Invalidations NONE = new Invalidations(Map.of());

  /** The target that stands for every answer of the collection. */
  static final String WHOLE = "";

  /** Not a target: records when the collection was last purged, see {@link Purges}. */
  static final String PURGED = "purged";

  /**
   * Maximum number of targets, because every replica holds them in memory. With one more, the whole
   * collection is the target.
   */
  static final int MAX_TARGETS = 1_000;

  private static final int QUESTION_CHARS = 64;

  /**
   * Returns the epoch before which answers to this question from these sources are invalid, or 0
   * for none.
   */
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

  /** Returns the epoch of the last invalidation or purge, or 0 for never. */
  public long newest() {
    return epochs.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Returns the epoch at which dead versions were last purged, or 0 for never. */
  public long purgedAt() {
    return of(PURGED);
  }

  /** Returns the invalidations after a purge of the collection. */
  Invalidations purged(long epoch, Set<String> liveDocumentIds) {
    Map<String, Long> left = new HashMap<>(epochs);
    left.keySet().removeIf(target -> isDocument(target) && !liveDocumentIds.contains(target));
    left.put(PURGED, epoch);
    return new Invalidations(Map.copyOf(left));
  }

  /** Returns whether the target is a document. Targets of questions are longer hashes. */
  private static boolean isDocument(String target) {
    return !target.isEmpty() && !target.equals(PURGED) && target.length() < QUESTION_CHARS;
  }

  /** Returns whether every answer from before this epoch is unusable. */
  public boolean isWholeBefore(long epoch) {
    return of(WHOLE) >= epoch;
  }

  /** Returns these invalidations and an additional one. */
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
