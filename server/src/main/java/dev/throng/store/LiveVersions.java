package dev.throng.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The versions that the catalogue has live at one epoch: what a search must be able to find.
 *
 * @param epoch equal epochs of one index mean equal versions
 * @param chunkCounts how many chunks each of the versions has
 */
public record LiveVersions(long epoch, Set<Long> versions, ToIntFunction<Long> chunkCounts) {
  /** Nothing is required of a search. */
  public static final LiveVersions NONE = new LiveVersions(-1, Set.of(), version -> 0);

  /** The same epoch, some of its versions. */
  public LiveVersions only(Set<Long> some) {
    return new LiveVersions(epoch, some, chunkCounts);
  }

  /** How many chunks some of the versions have together. */
  public long chunkCount(Collection<Long> some) {
    return some.stream().mapToLong(chunkCounts::applyAsInt).sum();
  }

  /**
   * Divides versions so that each part is small enough for one call. A version with more chunks
   * than the bound is a part of its own.
   */
  public List<List<Long>> parts(Collection<Long> some, int maxVersions, int maxChunks) {
    List<List<Long>> parts = new ArrayList<>();
    List<Long> part = new ArrayList<>();
    long chunks = 0;
    for (Long version : some) {
      int own = chunkCounts.applyAsInt(version);
      if (!part.isEmpty() && (part.size() == maxVersions || chunks + own > maxChunks)) {
        parts.add(part);
        part = new ArrayList<>();
        chunks = 0;
      }
      part.add(version);
      chunks += own;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
