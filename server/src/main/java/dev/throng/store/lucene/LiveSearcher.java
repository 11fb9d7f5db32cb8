package dev.throng.store.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.SmallFloat;

/**
 * Searches a commit with the word statistics of its live chunks only. Lucene's own statistics also
 * count chunks of replaced versions, and deleted chunks until a merge drops them. With those, a
 * rename or a merge would change scores, and with them prompts, although no document has changed.
 */
final class LiveSearcher extends IndexSearcher {
  /** Maximum number of words whose frequency is cached. Other words are counted again. */
  private static final int MAX_KEPT_WORDS = 100_000;

  private final Set<Long> dead;
  private final boolean countsAll;
  private final List<FixedBitSet> liveByLeaf = new ArrayList<>();
  private final Map<Term, Integer> frequencies = new ConcurrentHashMap<>();
  private final int chunkCount;
  private final long wordCount;

  /**
   * Creates a searcher.
   *
   * @param dead versions that do not count
   */
  LiveSearcher(IndexReader reader, Set<Long> dead) throws IOException {
    super(reader); // no executor, because requests run in parallel
    setQueryCache(null); // answers are cached, and questions rarely share clauses
    this.dead = dead;
    this.countsAll = dead.isEmpty() && !reader.hasDeletions();
    int chunks = 0;
    long words = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      FixedBitSet alive = alive(leaf, dead);
      liveByLeaf.add(alive);
      chunks += alive.cardinality();
      words += words(leaf, alive);
    }
    this.chunkCount = chunks;
    this.wordCount = words;
  }

  Set<Long> dead() {
    return dead;
  }

  /** Returns the live chunks as a filter. */
  AdmittedChunks live() {
    return AdmittedChunks.of(liveByLeaf);
  }

  /** Returns the number of live chunks. */
  int chunkCount() {
    return chunkCount;
  }

  /** Returns the number of live chunks that contain the word. */
  int frequency(Term word) throws IOException {
    if (countsAll) {
      return getIndexReader().docFreq(word);
    }
    Integer known = frequencies.get(word);
    if (known != null) {
      return known;
    }
    int counted = 0;
    for (LeafReaderContext leaf : getIndexReader().leaves()) {
      PostingsEnum postings = leaf.reader().postings(word, PostingsEnum.NONE);
      FixedBitSet alive = liveByLeaf.get(leaf.ord);
      if (postings != null) {
        for (int d = postings.nextDoc();
            d != DocIdSetIterator.NO_MORE_DOCS;
            d = postings.nextDoc()) {
          counted += alive.get(d) ? 1 : 0;
        }
      }
    }
    if (frequencies.size() < MAX_KEPT_WORDS) {
      frequencies.put(word, counted);
    }
    return counted;
  }

  @Override
  public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
      throws IOException {
    if (countsAll) {
      return new TermStatistics(term.bytes(), docFreq, totalTermFreq);
    }
    int frequency = Math.max(1, frequency(term)); // Lucene does not accept 0
    return new TermStatistics(term.bytes(), frequency, frequency);
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) {
    int chunks = Math.max(1, chunkCount);
    return new CollectionStatistics(field, chunks, chunks, Math.max(chunks, wordCount), chunks);
  }

  private static FixedBitSet alive(LeafReaderContext leaf, Collection<Long> dead)
      throws IOException {
    FixedBitSet alive = new FixedBitSet(leaf.reader().maxDoc());
    for (int document = 0; document < alive.length(); document++) {
      if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(document)) {
        alive.set(document);
      }
    }
    for (Long version : dead) {
      BytesRef term = ChunkFields.versionTerm(version);
      PostingsEnum postings =
          leaf.reader().postings(new Term(ChunkFields.VERSION, term), PostingsEnum.NONE);
      if (postings != null) {
        for (int d = postings.nextDoc();
            d != DocIdSetIterator.NO_MORE_DOCS;
            d = postings.nextDoc()) {
          alive.clear(d);
        }
      }
    }
    return alive;
  }

  /**
   * Returns the sum of the document lengths as BM25 uses them: from the norms, which round large
   * values.
   */
  private static long words(LeafReaderContext leaf, FixedBitSet alive) throws IOException {
    NumericDocValues norms = leaf.reader().getNormValues(ChunkFields.BODY);
    long words = 0;
    if (norms != null) {
      for (int d = norms.nextDoc(); d != DocIdSetIterator.NO_MORE_DOCS; d = norms.nextDoc()) {
        words += alive.get(d) ? SmallFloat.byte4ToInt((byte) norms.longValue()) : 0;
      }
    }
    return words;
  }
}
