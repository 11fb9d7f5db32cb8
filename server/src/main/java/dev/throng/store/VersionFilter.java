package dev.throng.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Limits a search to some document versions.
 *
 * @param only the versions to search, or null for all
 * @param except versions that are as good as gone: replaced ones whose chunks are still in the
 *     index. Word statistics do not count them, either
 */
public record VersionFilter(@Nullable Set<Long> only, Set<Long> except) {
  public static final VersionFilter NONE = new VersionFilter(null, Set.of());

  public boolean admitsAll() {
    return only == null && except.isEmpty();
  }

  public boolean admits(long version) {
    return (only == null || only.contains(version)) && !except.contains(version);
  }
}
