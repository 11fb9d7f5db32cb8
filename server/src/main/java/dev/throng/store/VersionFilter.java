package dev.throng.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restricts a search to some document versions. A search finds the best chunks of those versions,
 * however many or few they are.
 *
 * @param only the versions to search, or null for all
 * @param except versions that count as deleted: replaced ones whose chunks are still in the index.
 *     Word statistics do not include them
 * @param others the live versions that {@code only} excludes, for an engine for which that list is
 *     shorter; null when unknown
 */
public record VersionFilter(
    @Nullable Set<Long> only, Set<Long> except, @Nullable Set<Long> others) {
  public static final VersionFilter NONE = new VersionFilter(null, Set.of());

  public VersionFilter(@Nullable Set<Long> only, Set<Long> except) {
    this(only, except, null);
  }

  public boolean admitsAll() {
    return only == null && except.isEmpty();
  }

  public boolean admits(long version) {
    return (only == null || only.contains(version)) && !except.contains(version);
  }

  /**
   * Returns how many hits of a search of all versions are expected to contain the wanted number.
   *
   * @param limit the wanted number of hits
   */
  public int expectedHits(int limit) {
    if (only == null || others == null || only.isEmpty()) {
      return limit;
    }
    double share = (double) only.size() / (only.size() + others.size());
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(limit / share));
  }
}
