package dev.throng.cache;

import dev.throng.core.CollectionRef;
import dev.throng.core.MadeFrom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongPredicate;

/**
 * Maps versions of documents to the cache entries that were made from them, so that a purge finds
 * the entries without a scan. The cache reports the entries that it drops, so the index holds none
 * longer than the cache.
 */
final class VersionIndex<K> {
  private record Version(CollectionRef collection, long number) {}

  private final ConcurrentMap<Version, Set<K>> entries = new ConcurrentHashMap<>();

  void add(K entry, MadeFrom from) {
    for (long number : from.versions()) {
      entries.compute(
          new Version(from.collection(), number),
          (version, made) -> {
            Set<K> more = made == null ? new HashSet<>() : made;
            more.add(entry);
            return more;
          });
    }
  }

  void remove(K entry, MadeFrom from) {
    for (long number : from.versions()) {
      entries.computeIfPresent(
          new Version(from.collection(), number),
          (version, made) -> {
            made.remove(entry);
            return made.isEmpty() ? null : made;
          });
    }
  }

  /** Removes and returns the entries of a collection that contain a version that is not live. */
  Set<K> takeDead(CollectionRef collection, LongPredicate isLive) {
    Set<K> dead = new HashSet<>();
    List<Version> versions = new ArrayList<>(entries.keySet());
    for (Version version : versions) {
      if (version.collection().equals(collection) && !isLive.test(version.number())) {
        Set<K> made = entries.remove(version);
        dead.addAll(made == null ? Set.of() : made);
      }
    }
    return dead;
  }

  /** Returns the number of versions that any entry was made from. */
  int size() {
    return entries.size();
  }

  void clear() {
    entries.clear();
  }
}
