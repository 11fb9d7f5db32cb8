package dev.throng.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The versions that are live in the catalogue at one epoch, which a search must be able to find.
 *
 * @param epoch equal epochs of one index mean equal versions
 * @param chunkCounts the number of chunks of each version
 */
public record LiveVersions(long epoch, Set<Long> versions, ToIntFunction<Long> chunkCounts) {
  /** No required versions. */
  public static final LiveVersions NONE = new LiveVersions(-1, Set.of(), version -> 0);

  /** Returns selected of the versions, at the same epoch. */
  public LiveVersions only(Set<Long> selected) {
    return new LiveVersions(epoch, selected, chunkCounts);
  }

  /** Returns the total number of chunks of selected of the versions. */
  public long chunkCount(Collection<Long> selected) {
    return selected.stream().mapToLong(chunkCounts::applyAsInt).sum();
  }

  /**
   * Divides versions into parts that are small enough for one call. A version with more chunks than
   * the bound is a part of its own.
   */
  public List<List<Long>> parts(Collection<Long> selected, int maxVersions, int maxChunks) {
    List<List<Long>> parts = new ArrayList<>();
    List<Long> part = new ArrayList<>();
    long chunks = 0;
    for (Long version : selected) {
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
