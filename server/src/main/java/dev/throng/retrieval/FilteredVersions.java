package dev.throng.retrieval;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.CollectionRef;
import dev.throng.store.VersionFilter;
import dev.throng.store.VersionSet;
import java.util.Arrays;

/**
 * The versions that a filter admits. Resolving a filter examines every document of the collection,
 * so the result is cached. It is valid for one epoch.
 */
final class FilteredVersions {
  /** Usually 8 bytes for each document of a collection and each filter on it. */
  private static final long MAX_KEPT_BYTES = 16L << 20;

  private static final int BYTES_PER_ENTRY = 200;

  private record Key(CollectionRef ref, long epoch, String filter) {}

  private record Versions(VersionSet admitted, VersionSet others) {}

  private final Cache<Key, Versions> kept =
      Caffeine.newBuilder()
          .maximumWeight(MAX_KEPT_BYTES)
          .weigher(FilteredVersions::bytes)
          .executor(Runnable::run)
          .build();

  /** Returns the versions to search. The same sets are returned while they are cached. */
  VersionFilter of(CollectionState state, DocumentFilter filter) {
    if (filter.isAll()) {
      return state.dead().isEmpty()
          ? VersionFilter.NONE
          : new VersionFilter(null, state.deadVersions());
    }
    Versions versions =
        kept.get(
            new Key(state.ref(), state.epoch(), filter.canonical()), key -> resolve(state, filter));
    return new VersionFilter(versions.admitted(), state.deadVersions(), versions.others());
  }

  void forget() {
    kept.invalidateAll();
  }

  private static Versions resolve(CollectionState state, DocumentFilter filter) {
    long[] admitted = new long[state.byVersion().size()];
    long[] others = new long[admitted.length];
    int count = 0;
    int otherCount = 0;
    for (LiveDocument document : state.byVersion().values()) {
      if (filter.admits(document)) {
        admitted[count++] = document.version();
      } else {
        others[otherCount++] = document.version();
      }
    }
    return new Versions(
        VersionSet.of(Arrays.copyOf(admitted, count)),
        VersionSet.of(Arrays.copyOf(others, otherCount)));
  }

  private static int bytes(Key key, Versions versions) {
    return BYTES_PER_ENTRY
        + 2 * key.filter().length()
        + Long.BYTES * (versions.admitted().size() + versions.others().size());
  }
}
