package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Words;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.Rarity;
import dev.throng.store.VersionFilter;
import dev.throng.store.lucene.LuceneWords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Searches the current content of one index, each time on one node that has everything that is
 * live.
 */
final class WeaviateChunkView implements ChunkView {
  private static final Words CONTENT_WORDS = new LuceneWords();

  /** Maximum number of objects that Weaviate returns for one query. */
  private static final int MAX_RESULTS = 10_000;

  /** Number of versions in one filter. Each costs the node about 10 µs. */
  private static final int FILTER_VERSIONS = 1_000;

  /** A search requests this fraction more hits, because some of them may be unwanted. */
  private static final int SPARE_SHARE = 4;

  /** Number of chunks fetched by one query. */
  private static final int FETCHED_CHUNKS = 100;

  private final Cluster cluster;
  private final IndexPlace place;
  private final String language;
  private final WordCounts counts;
  private final NodeContents contents;
  private final LiveVersions live;
  private final Deadline deadline;
  private final Set<Node> searched = ConcurrentHashMap.newKeySet();
  private final AtomicInteger nextHandle = new AtomicInteger();
  private final ConcurrentMap<ChunkKey, Integer> handles = new ConcurrentHashMap<>();
  private final ConcurrentMap<ChunkKey, Chunk> fetched = new ConcurrentHashMap<>();

  WeaviateChunkView(
      Cluster cluster,
      IndexPlace place,
      String language,
      WordCounts counts,
      NodeContents contents,
      LiveVersions live,
      Deadline deadline) {
    this.cluster = cluster;
    this.place = place;
    this.language = language;
    this.counts = counts;
    this.contents = contents;
    this.live = live;
    this.deadline = deadline;
  }

  @Override
  public List<Hit> searchLexical(String text, int limit, VersionFilter filter) {
    String words = String.join(" ", LuceneWords.inIndex(language, text));
    if (words.isEmpty()) {
      return List.of(); // only stop words
    }
    String query =
        "bm25:{query:%s,properties:[\"%s\"]}".formatted(GraphQl.quoted(words), ChunkObjects.WORDS);
    return search(query, limit, filter);
  }

  @Override
  public List<Hit> searchDense(Embedding query, int limit, VersionFilter filter) {
    String near = "nearVector:{vector:%s}".formatted(GraphQl.vector(query.sharedValues()));
    return search(near, limit, filter);
  }

  @Override
  public List<Chunk> chunks(List<Hit> hits) {
    List<ChunkKey> missing =
        hits.stream()
            .map(WeaviateChunkView::key)
            .distinct()
            .filter(key -> !fetched.containsKey(key))
            .toList();
    for (List<ChunkKey> asked : GraphQl.pieces(missing, FETCHED_CHUNKS)) {
      fetched.putAll(fetch(asked));
    }
    return hits.stream().map(hit -> Objects.requireNonNull(fetched.get(key(hit)))).toList();
  }

  @Override
  public List<Chunk> chunks(long version, int from, int to) {
    return chunks(Hit.range(version, from, to));
  }

  @Override
  public double wordEvidence(String text, List<Hit> hits, VersionFilter filter) {
    Set<String> asked = new HashSet<>(CONTENT_WORDS.of(language, text));
    List<Set<String>> inHits = new ArrayList<>();
    Set<String> toCount = new HashSet<>();
    if (!asked.isEmpty()) {
      for (Chunk chunk : chunks(hits)) {
        Set<String> words = new HashSet<>(CONTENT_WORDS.of(language, chunk.searchText()));
        words.retainAll(asked);
        inHits.add(words);
        toCount.addAll(words);
      }
    }
    if (toCount.isEmpty()) {
      return 0;
    }
    toCount.add(WordCounts.ALL);
    Map<String, Integer> frequencies = counts.of(toCount, deadline);
    int chunks = Objects.requireNonNull(frequencies.get(WordCounts.ALL));
    return inHits.stream()
            .mapToDouble(words ->
                words.stream()
                    .mapToDouble(word -> Rarity.of(frequencies.getOrDefault(word, 0), chunks))
                    .sum())
            .max()
            .orElse(0)
        / Rarity.of(0, chunks);
  }

  /**
   * Queries the nodes that were searched, because another one may still have what these have
   * deleted.
   */
  @Override
  public boolean stillHas(LiveVersions died) {
    return searched.stream().allMatch(node -> contents.hasNow(node, died, deadline));
  }

  /** Returns whether a search at the node misses nothing that is live. */
  private boolean hasAll(Node node) {
    boolean hasAll = contents.hasAll(node, live, deadline);
    if (hasAll) {
      searched.add(node);
    }
    return hasAll;
  }

  @Override
  public int size() {
    return cluster.search(place.counts(List.of("")), data -> IndexPlace.count(data, 0), deadline);
  }

  @Override
  public void close() {}

  private static ChunkKey key(Hit hit) {
    return new ChunkKey(hit.version(), hit.ordinal());
  }

  private List<Hit> search(String query, int limit, VersionFilter filter) {
    Set<Long> only = filter.only();
    if (only == null) {
      return ofAll(query, limit, filter);
    }
    return only.size() <= FILTER_VERSIONS
        ? searchPieces(query, limit, filter, only)
        : ofMany(query, limit, filter).orElseGet(() -> searchPieces(query, limit, filter, only));
  }

  /** Searches all versions, and drops those that count as deleted. */
  private List<Hit> ofAll(String query, int limit, VersionFilter filter) {
    if (filter.except().size() > FILTER_VERSIONS) {
      return searchMore(query, limit, filter);
    }
    String where =
        filter.except().isEmpty() ? "" : ChunkObjects.where("ContainsNone", filter.except()) + ",";
    return searchOnce(where + query, limit, filter);
  }

  /**
   * Searches more versions than one filter can name. It fetches as many hits as should contain
   * enough of them. If they do not, because the wanted chunks are far away, it excludes the other
   * versions by a filter.
   */
  private Optional<List<Hit>> ofMany(String query, int limit, VersionFilter filter) {
    Optional<List<Hit>> found = among(query, filter.expectedHits(limit), limit, filter);
    Set<Long> others = filter.others();
    if (found.isPresent()
        || others == null
        || others.size() + filter.except().size() > FILTER_VERSIONS) {
      return found;
    }
    Set<Long> unwanted = new HashSet<>(others);
    unwanted.addAll(filter.except());
    return among(ChunkObjects.where("ContainsNone", unwanted) + "," + query, limit, limit, filter);
  }

  /**
   * Returns the wanted hits among the best {@code count} and some more; empty when there are too
   * few.
   */
  private Optional<List<Hit>> among(String query, int count, int limit, VersionFilter filter) {
    int taken = count + count / SPARE_SHARE + 1;
    if (taken > MAX_RESULTS) {
      return Optional.empty();
    }
    List<Hit> all = searchOnce(query, taken, VersionFilter.NONE);
    List<Hit> wanted =
        all.stream().filter(hit -> filter.admits(hit.version())).limit(limit).toList();
    return wanted.size() == limit || all.size() < taken ? Optional.of(wanted) : Optional.empty();
  }

  private List<Hit> searchPieces(
      String query, int limit, VersionFilter filter, Collection<Long> only) {
    List<Long> admitted = only.stream().filter(filter::admits).toList();
    List<Hit> all = new ArrayList<>();
    for (List<Long> versions : GraphQl.pieces(admitted, FILTER_VERSIONS)) {
      all.addAll(
          searchOnce(ChunkObjects.where("ContainsAny", versions) + "," + query, limit, filter));
    }
    all.sort(Comparator.comparingDouble(hit -> -hit.score()));
    return all.subList(0, Math.min(limit, all.size()));
  }

  /**
   * Searches more versions than a filter can name, by fetching more hits until enough wanted ones
   * are found.
   */
  private List<Hit> searchMore(String query, int limit, VersionFilter filter) {
    for (int taken = 2 * limit; ; taken *= 2) {
      int most = Math.min(taken, MAX_RESULTS);
      List<Hit> unfiltered = searchOnce(query, most, VersionFilter.NONE);
      List<Hit> hits = unfiltered.stream().filter(hit -> filter.admits(hit.version())).toList();
      if (hits.size() >= limit || unfiltered.size() < most || most == MAX_RESULTS) {
        return hits.subList(0, Math.min(limit, hits.size()));
      }
    }
  }

  private List<Hit> searchOnce(String arguments, int limit, VersionFilter filter) {
    String query =
        place.get(
            "limit:%d,%s".formatted(Math.min(limit, MAX_RESULTS), arguments),
            "_additional{id score distance}");
    return cluster.search(this::hasAll, query, data -> hits(data, filter), deadline);
  }

  private List<Hit> hits(JsonNode data, VersionFilter filter) {
    List<Hit> hits = new ArrayList<>();
    for (JsonNode object : place.objects(data)) {
      ChunkKey key = ChunkObjects.key(object);
      if (filter.admits(key.version())) {
        int handle = handles.computeIfAbsent(key, k -> nextHandle.getAndIncrement());
        hits.add(new Hit(key.version(), key.ordinal(), score(object), handle));
      }
    }
    return hits;
  }

  private static float score(JsonNode object) {
    JsonNode distance = object.at("/_additional/distance");
    return distance.isNumber()
        ? (float) (1 - distance.doubleValue() / 2) // 1 - cosine
        : Float.parseFloat(object.at("/_additional/score").asText());
  }

  private static String ids(List<ChunkKey> keys) {
    return GraphQl.where("id", "ContainsAny", keys.stream().map(ChunkKey::id).toList());
  }

  /** Fetches chunks. A node that lacks one of them counts as not answering. */
  private Map<ChunkKey, Chunk> fetch(List<ChunkKey> keys) {
    String query = place.get("limit:%d,%s".formatted(keys.size(), ids(keys)), ChunkObjects.FIELDS);
    return cluster.search(
        this::hasAll,
        query,
        data -> {
          Map<ChunkKey, Chunk> chunks = new HashMap<>();
          place
              .objects(data)
              .forEach(object -> chunks.put(ChunkObjects.key(object), ChunkObjects.chunk(object)));
          if (chunks.size() < keys.size()) {
            throw new ThrongException(
                ErrorCode.STORE_FAILED,
                "weaviate returned %d of %d chunks that a search has just found"
                    .formatted(chunks.size(), keys.size()));
          }
          return chunks;
        },
        deadline);
  }
}
