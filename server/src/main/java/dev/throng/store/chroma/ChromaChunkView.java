package dev.throng.store.chroma;

import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Words;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import dev.throng.store.chroma.ChromaCollection.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A collection for the time of one question; it remembers the chunks that it has read. */
final class ChromaChunkView implements ChunkView {
  /**
   * What a word of the question that is in a chunk counts, in words as rare as can be. Nobody here
   * knows how rare it is; with this share the answerability floor lets as many of the handbook's
   * questions through as it does with counted words (docs/decisions/0018-chroma.md).
   */
  private static final double EVIDENCE_OF_A_WORD = 0.45;

  /**
   * A search for all versions asks for this many more in place of a condition, which would cost it
   * half its speed: mostly few chunks are dead, or none.
   */
  private static final int SPARE_SHARE = 4;

  /** Hits that are fetched at the most to find enough of those that a filter admits. */
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
    throw new UnsupportedOperationException("Chroma searches vectors alone");
  }

  @Override
  public List<Hit> searchDense(Embedding query, int limit, VersionFilter filter) {
    if (filter.only() != null) {
      Set<Long> only = new HashSet<>(filter.only());
      only.removeAll(filter.except());
      if (only.isEmpty()) {
        return List.of();
      }
      if (only.size() <= ChromaCollection.MAX_CONDITION) {
        return search(query, limit, Condition.in(only));
      }
    }
    return fetched(query, limit, filter);
  }

  /** Fetches more than is wanted, and drops what the filter does. */
  private List<Hit> fetched(Embedding query, int limit, VersionFilter filter) {
    int count = filter.admitsAll() ? limit : limit + limit / SPARE_SHARE + 1;
    while (true) {
      List<Hit> found = search(query, count, Condition.NONE);
      List<Hit> kept =
          found.stream().filter(hit -> filter.admits(hit.version())).limit(limit).toList();
      if (kept.size() == limit || found.size() < count || count == MAX_FETCHED) {
        return kept;
      }
      if (filter.only() == null && filter.except().size() <= ChromaCollection.MAX_CONDITION) {
        return search(query, limit, Condition.notIn(filter.except()));
      }
      count = Math.min(MAX_FETCHED, count * FETCH_GROWTH);
    }
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
            "%s: chunk %s was deleted between a search and its reading; ask again"
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
  public double wordEvidence(String text, List<Hit> hits, VersionFilter filter) {
    String language = collection.spec().language();
    Set<String> asked = new HashSet<>(words.of(language, text));
    long most = 0;
    for (Chunk chunk : chunks(hits)) {
      Set<String> inChunk = new HashSet<>(words.of(language, chunk.searchText()));
      most = Math.max(most, asked.stream().filter(inChunk::contains).count());
    }
    return most * EVIDENCE_OF_A_WORD;
  }

  @Override
  public int size() {
    return collection.size(deadline);
  }

  @Override
  public void close() {}
}
