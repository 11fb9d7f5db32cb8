package dev.throng.store.weaviate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.core.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The number of chunks of one index that contain each word. All unknown words of a question are
 * requested together. A count is cached for a minute.
 */
final class WordCounts {
  private static final int MAX_WORDS = 20_000;
  private static final Duration CACHE_TIME = Duration.ofMinutes(1);

  /** Number of counts in one query. */
  private static final int QUERY_WORDS = 50;

  /** Stands for all chunks, in place of a word. */
  static final String ALL = "";

  private final Cache<String, Integer> counts =
      Caffeine.newBuilder().maximumSize(MAX_WORDS).expireAfterWrite(CACHE_TIME).build();
  private final Cluster cluster;
  private final IndexPlace place;

  WordCounts(Cluster cluster, IndexPlace place) {
    this.cluster = cluster;
    this.place = place;
  }

  /** Returns the counts of the words, and that of {@link #ALL}. */
  Map<String, Integer> of(Collection<String> words, Deadline deadline) {
    Map<String, Integer> known = new HashMap<>(counts.getAllPresent(words));
    List<String> unknown = words.stream().filter(word -> !known.containsKey(word)).toList();
    for (List<String> asked : GraphQl.pieces(unknown, QUERY_WORDS)) {
      Map<String, Integer> found = count(asked, deadline);
      counts.putAll(found);
      known.putAll(found);
    }
    return known;
  }

  /** Drops the cached counts, which a commit changes. */
  void forget() {
    counts.invalidateAll();
  }

  private Map<String, Integer> count(List<String> words, Deadline deadline) {
    List<String> whereClauses =
        words.stream()
            .map(word ->
                word.equals(ALL)
                    ? ""
                    : GraphQl.where(ChunkObjects.WORDS, "ContainsAny", List.of(word)))
            .toList();
    return cluster.search(
        place.counts(whereClauses),
        data -> {
          Map<String, Integer> found = new HashMap<>();
          for (int i = 0; i < words.size(); i++) {
            found.put(words.get(i), IndexPlace.count(data, i));
          }
          return found;
        },
        deadline);
  }
}
