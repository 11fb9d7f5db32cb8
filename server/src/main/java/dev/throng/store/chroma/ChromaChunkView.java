package dev.throng.store.chroma;

import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Words;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.VersionFilter;
import dev.throng.store.chroma.ChromaCollection.Condition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A view of a collection for one question. It caches the chunks that it has read. */
final class ChromaChunkView implements ChunkView {
  /**
   * The evidence of a question's word that a chunk contains, in units of the rarest possible word.
   * Its actual rarity is unknown here. With this value the answerability floor admits as many of
   * the handbook's questions as with counted words (docs/decisions/0018-chroma.md).
   */
  private static final double EVIDENCE_PER_WORD = 0.45;

  /**
   * A search of all versions requests this fraction more hits instead of using a condition, which
   * would halve its speed. Usually few chunks are dead, or none.
   */
  private static final int SPARE_SHARE = 4;

  /** Maximum number of hits that are fetched to find enough of those that a filter admits. */
  private static final int MAX_FETCHED = 20_000;

  private static final int FETCH_GROWTH = 4;

  private final ChromaCollection collection;
  private final Words words;
  private final Deadline deadline;
  private final Map<String, Chunk> read = new ConcurrentHashMap<>();

  ChromaChunkView(ChromaCollection collection, Words words, Deadline deadline) {
    this.collection = collection;
    this.words = words;
    this.deadline = deadline;
  }

  @Override
  public List<Hit> searchLexical(String text, int limit, VersionFilter filter) {
    throw new UnsupportedOperationException("Chroma supports only vector search");
  }

  @Override
  public List<Hit> searchDense(Embedding query, int limit, VersionFilter filter) {
    Set<Long> only = filter.only();
    if (only == null) {
      return ofAll(query, limit, filter);
    }
    return only.size() <= ChromaCollection.MAX_CONDITION
        ? ofSome(query, limit, filter, only)
        : ofMany(query, limit, filter).orElseGet(() -> ofSome(query, limit, filter, only));
  }

  /** Searches all versions, and drops those that count as deleted. */
  private List<Hit> ofAll(Embedding query, int limit, VersionFilter filter) {
    int count = filter.admitsAll() ? limit : withSpare(limit);
    while (true) {
      List<Hit> found = search(query, count, Condition.NONE);
      List<Hit> kept = admitted(found, limit, filter);
      if (kept.size() == limit || found.size() < count || count == MAX_FETCHED) {
        return kept;
      }
      if (filter.except().size() <= ChromaCollection.MAX_CONDITION) {
        return search(query, limit, Condition.notIn(filter.except()));
      }
      count = Math.min(MAX_FETCHED, count * FETCH_GROWTH);
    }
  }

  /**
   * Searches more versions than one condition can name. It fetches as many hits as should contain
   * enough of them. If they do not, because the wanted chunks are far away, it excludes the other
   * versions by a condition.
   */
  private Optional<List<Hit>> ofMany(Embedding query, int limit, VersionFilter filter) {
    Optional<List<Hit>> found =
        among(query, filter.expectedHits(limit), limit, Condition.NONE, filter);
    Set<Long> others = filter.others();
    if (found.isPresent()
        || others == null
        || others.size() + filter.except().size() > ChromaCollection.MAX_CONDITION) {
      return found;
    }
    Set<Long> unwanted = new HashSet<>(others);
    unwanted.addAll(filter.except());
    return among(query, limit, limit, Condition.notIn(unwanted), filter);
  }

  /**
   * Returns the wanted hits among the nearest {@code count} and some more; empty when there are too
   * few.
   */
  private Optional<List<Hit>> among(
      Embedding query, int count, int limit, Condition condition, VersionFilter filter) {
    int fetched = withSpare(count);
    if (fetched > MAX_FETCHED) {
      return Optional.empty();
    }
    List<Hit> all = search(query, fetched, condition);
    List<Hit> wanted = admitted(all, limit, filter);
    return wanted.size() == limit || all.size() < fetched ? Optional.of(wanted) : Optional.empty();
  }

  /**
   * Returns the best hits of several searches, each with as many versions as one condition can
   * name.
   */
  private List<Hit> ofSome(
      Embedding query, int limit, VersionFilter filter, Collection<Long> only) {
    List<Long> versions = only.stream().filter(filter::admits).toList();
    List<Hit> all = new ArrayList<>();
    for (int from = 0; from < versions.size(); from += ChromaCollection.MAX_CONDITION) {
      int to = Math.min(versions.size(), from + ChromaCollection.MAX_CONDITION);
      all.addAll(search(query, limit, Condition.in(Set.copyOf(versions.subList(from, to)))));
    }
    all.sort(Comparator.comparingDouble(hit -> -hit.score()));
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  private static List<Hit> admitted(List<Hit> found, int limit, VersionFilter filter) {
    return found.stream().filter(hit -> filter.admits(hit.version())).limit(limit).toList();
  }

  private static int withSpare(int count) {
    return count + count / SPARE_SHARE + 1;
  }

  private List<Hit> search(Embedding query, int limit, Condition condition) {
    return collection.search(query, limit, condition, deadline);
  }

  @Override
  public List<Chunk> chunks(List<Hit> hits) {
    List<String> unread =
        hits.stream().map(ChromaChunkView::id).filter(id -> !read.containsKey(id)).toList();
    if (!unread.isEmpty()) {
      Map<String, Chunk> found = collection.read(unread, deadline);
      unread.forEach(id -> keep(id, found));
    }
    List<Chunk> chunks = new ArrayList<>(hits.size());
    for (Hit hit : hits) {
      Chunk chunk = read.get(id(hit));
      if (chunk == null) {
        throw new ThrongException(
            ErrorCode.STORE_UNAVAILABLE,
            "%s: chunk %s was deleted between a search and its reading(retry the question)"
                .formatted(collection, id(hit)));
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  private void keep(String id, Map<String, Chunk> found) {
    Chunk chunk = found.get(id);
    if (chunk != null) {
      read.put(id, chunk);
    }
  }

  private static String id(Hit hit) {
    return ChunkRecords.id(hit.version(), hit.ordinal());
  }

  @Override
  public List<Chunk> chunks(long version, int from, int to) {
    return chunks(Hit.range(version, from, to));
  }

  @Override
  public double wordEvidence(String text, List<Hit> hits, VersionFilter filter) {
    String language = collection.spec().language();
    Set<String> asked = new HashSet<>(words.of(language, text));
    long most = 0;
    for (Chunk chunk : chunks(hits)) {
      Set<String> inChunk = new HashSet<>(words.of(language, chunk.searchText()));
      most = Math.max(most, asked.stream().filter(inChunk::contains).count());
    }
    return most * EVIDENCE_PER_WORD;
  }

  @Override
  public boolean stillHas(LiveVersions died) {
    int most = ChromaCollection.MAX_CONDITION;
    return died.parts(died.versions(), most, most).stream()
        .allMatch(part -> collection.chunkCount(part, deadline) >= died.chunkCount(part));
  }

  @Override
  public int size() {
    return collection.size(deadline);
  }

  @Override
  public void close() {}
}
