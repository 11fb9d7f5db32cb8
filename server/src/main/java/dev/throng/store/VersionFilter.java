package dev.throng.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits a search to some document versions. A search finds the best of those that it admits,
 * however many or few they are.
 *
 * @param only the versions to search, or null for all
 * @param except versions that are as good as gone: replaced ones whose chunks are still in the
 *     index. Word statistics do not count them, either
 * @param others what {@code only} leaves out of the live versions, for an engine that is told less
 *     by naming those; null when nobody knows
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
   * How many hits of a search for all versions hold as many as are wanted, as far as one can tell.
   *
   * @param limit how many are wanted
   */
  public int expectedHits(int limit) {
    if (only == null || others == null || only.isEmpty()) {
      return limit;
    }
    double share = (double) only.size() / (only.size() + others.size());
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(limit / share));
  }
}
