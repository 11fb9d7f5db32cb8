package dev.throng.catalog;

import dev.throng.core.Hash;
import dev.throng.core.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers of a collection that an operator has made unusable: for each target the epoch before
 * which nothing about it counts. A target is the whole collection, a question, or a document that
 * answers are made from.
 */
public record Invalidations(Map<String, Long> epochs) {
  public static final Invalidations NONE = new Invalidations(Map.of());

  /** The target that stands for every answer of the collection. */
  static final String WHOLE = "";

  /**
   * So many are held in every replica's memory; with one more the whole collection is the target.
   */
  static final int MAX_TARGETS = 1_000;

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

  /** The epoch at which anything was invalidated last; 0 for never. */
  public long newest() {
    return epochs.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Whether every answer from before this epoch is unusable. */
  public boolean isWholeBefore(long epoch) {
    return of(WHOLE) >= epoch;
  }

  /** These and one more. */
  Invalidations with(String target, long epoch) {
    boolean isKnown = epochs.containsKey(target);
    if (target.equals(WHOLE) || (!isKnown && epochs.size() >= MAX_TARGETS)) {
      return new Invalidations(Map.of(WHOLE, epoch));
    }
    Map<String, Long> more = new HashMap<>(epochs);
    more.put(target, epoch);
    return new Invalidations(Map.copyOf(more));
  }

  private long of(String target) {
    return epochs.getOrDefault(target, 0L);
  }
}
