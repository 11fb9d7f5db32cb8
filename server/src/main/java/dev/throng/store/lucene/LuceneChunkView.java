package dev.throng.store.lucene;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Words;
import dev.throng.store.ChunkIndex.TextListener;
import dev.throng.store.ChunkView;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.Rarity;
import dev.throng.store.VersionFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ReferenceManager;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.jspecify.annotations.Nullable;

/** One commit, with a shared searcher that is released on close. */
final class LuceneChunkView implements ChunkView {
  private static final Words WORDS = new LuceneWords();

  /**
   * Up to this size every vector is compared. That costs as much as the graph search, and misses
   * nothing.
   */
  static final int EXACT_SEARCH_CHUNKS = 5_000;

  /**
   * Factor by which more hits are requested from the graph search than are wanted, because k is
   * also its beam width: k=20 loses 3-6 % of the top 10.
   */
  private static final int BEAM_FACTOR = 2;

  /** A word of the longest question that can be configured has at least two characters. */
  private static final int MAX_WORDS = 1 << 19;

  static {
    IndexSearcher.setMaxClauseCount(MAX_WORDS); // by default, 1,024 words fail
  }

  private final CommitSearcher searcher;
  private final ReferenceManager<IndexSearcher> owner;
  private final String language;
  private final IndexHealth health;

  /**
   * Creates a view.
   *
   * @param health receives failures
   */
  LuceneChunkView(
      CommitSearcher searcher,
      ReferenceManager<IndexSearcher> owner,
      String language,
      IndexHealth health) {
    this.searcher = searcher;
    this.owner = owner;
    this.language = language;
    this.health = health;
  }

  @Override
  public List<Hit> searchLexical(String text, int limit, VersionFilter filter) {
    Query words =
        new QueryBuilder(Languages.analyzer(language)).createBooleanQuery(ChunkFields.BODY, text);
    if (words == null) {
      return List.of(); // only stop words
    }
    return reading(() -> {
      LiveSearcher live = searcher.without(filter.except());
      Query query =
          filter.admitsAll()
              ? words
              : new BooleanQuery.Builder()
                  .add(words, Occur.MUST)
                  .add(searcher.admitted(filter), Occur.FILTER)
                  .build();
      return hits(live.search(query, limit).scoreDocs);
    });
  }

  @Override
  public List<Hit> searchDense(Embedding query, int limit, VersionFilter filter) {
    return reading(() -> {
      AdmittedChunks admitted = filter.admitsAll() ? null : searcher.admitted(filter);
      int count = admitted == null ? size() : admitted.count();
      return hits(
          count <= EXACT_SEARCH_CHUNKS
              ? exact(query, limit, admitted)
              : approximate(query, limit, admitted));
    });
  }

  @Override
  public List<Chunk> chunks(List<Hit> hits) {
    return reading(() -> {
      StoredFields stored = searcher.storedFields();
      List<Chunk> chunks = new ArrayList<>(hits.size());
      for (Hit hit : hits) {
        BytesRef bytes = stored.document(hit.handle()).getBinaryValue(ChunkFields.CHUNK);
        chunks.add(ChunkFields.decode(bytes));
      }
      return chunks;
    });
  }

  @Override
  public List<Chunk> chunks(long version, int from, int to) {
    return chunks(hitsOf(version, from, to));
  }

  @Override
  public double wordEvidence(String text, List<Hit> hits, VersionFilter filter) {
    Set<String> words = new HashSet<>(WORDS.of(language, text));
    int[] documents = hits.stream().mapToInt(Hit::handle).sorted().toArray();
    return reading(() -> {
      LiveSearcher live = searcher.without(filter.except());
      double[] found = new double[documents.length];
      for (String word : words) {
        Term term = new Term(ChunkFields.BODY, word);
        double weight = Rarity.of(live.frequency(term), live.chunkCount());
        addWhereItOccurs(term, weight, documents, found);
      }
      return Arrays.stream(found).max().orElse(0) / Rarity.of(0, live.chunkCount());
    });
  }

  /** A commit keeps all its chunks. */
  @Override
  public boolean stillHas(LiveVersions died) {
    return true;
  }

  /** Returns how many chunks some versions have in this commit. */
  long chunkCount(Collection<Long> versions) {
    return reading(() -> contents().chunkCount(versions));
  }

  @Override
  public int size() {
    return searcher.getIndexReader().numDocs();
  }

  @Override
  public void close() {
    try {
      owner.release(searcher);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void addWhereItOccurs(Term term, double weight, int[] sortedDocuments, double[] weights)
      throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    PostingsEnum postings = null;
    int leaf = -1;
    for (int i = 0; i < sortedDocuments.length; i++) {
      int owner = ReaderUtil.subIndex(sortedDocuments[i], leaves);
      if (owner != leaf) {
        leaf = owner;
        postings = leaves.get(leaf).reader().postings(term, PostingsEnum.NONE);
      }
      int target = sortedDocuments[i] - leaves.get(leaf).docBase;
      if (postings == null || postings.docID() > target) {
        continue;
      }
      if (postings.docID() == target || postings.advance(target) == target) {
        weights[i] += weight;
      }
    }
  }

  private ScoreDoc[] approximate(Embedding query, int limit, @Nullable AdmittedChunks admitted)
      throws IOException {
    KnnFloatVectorQuery knn =
        new KnnFloatVectorQuery(
            ChunkFields.VECTOR, query.sharedValues(), limit * BEAM_FACTOR, admitted);
    return searcher.search(knn, limit).scoreDocs;
  }

  private ScoreDoc[] exact(Embedding query, int limit, @Nullable AdmittedChunks admitted)
      throws IOException {
    List<ScoreDoc> all = new ArrayList<>();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(ChunkFields.VECTOR);
      if (vectors == null) {
        continue;
      }
      Bits live = leaf.reader().getLiveDocs();
      VectorScorer scorer = vectors.scorer(query.sharedValues());
      DocIdSetIterator documents =
          admitted == null
              ? scorer.iterator()
              : ConjunctionUtils.intersectIterators(
                  List.of(scorer.iterator(), admitted.iterator(leaf)));
      for (int document = documents.nextDoc();
          document != DocIdSetIterator.NO_MORE_DOCS;
          document = documents.nextDoc()) {
        if (live == null || live.get(document)) {
          all.add(new ScoreDoc(leaf.docBase + document, scorer.score()));
        }
      }
    }
    return best(all, limit);
  }

  private static ScoreDoc[] best(List<ScoreDoc> all, int limit) {
    ScoreDoc[] sorted = all.toArray(ScoreDoc[]::new);
    Arrays.sort(
        sorted,
        (a, b) -> {
          int order = Float.compare(b.score, a.score);
          return order == 0 ? Integer.compare(a.doc, b.doc) : order;
        });
    return sorted.length <= limit ? sorted : Arrays.copyOf(sorted, limit);
  }

  /** Reads the keys in the order of the documents, opening each column once per segment. */
  private List<Hit> hits(ScoreDoc[] found) throws IOException {
    Integer[] order = new Integer[found.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> found[i].doc));
    Hit[] hits = new Hit[found.length];
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    int leaf = -1;
    NumericDocValues versions = DocValues.emptyNumeric();
    NumericDocValues ordinals = DocValues.emptyNumeric();
    for (int i : order) {
      int owner = ReaderUtil.subIndex(found[i].doc, leaves);
      if (owner != leaf) {
        leaf = owner;
        versions = DocValues.getNumeric(leaves.get(leaf).reader(), ChunkFields.VERSION);
        ordinals = DocValues.getNumeric(leaves.get(leaf).reader(), ChunkFields.ORDINAL);
      }
      int inLeaf = found[i].doc - leaves.get(leaf).docBase;
      if (!versions.advanceExact(inLeaf) || !ordinals.advanceExact(inLeaf)) {
        throw new IOException("a chunk without version or ordinal");
      }
      hits[i] =
          new Hit(versions.longValue(), (int) ordinals.longValue(), found[i].score, found[i].doc);
    }
    return List.of(hits);
  }

  /** Returns every version with a chunk in this commit. */
  Set<Long> versions() {
    return reading(() -> contents().versions());
  }

  /** Compares the commit with its checksums. */
  void verify() {
    health.verify((DirectoryReader) searcher.getIndexReader());
  }

  /** Drops the cached word frequencies. */
  void forgetQuestions() {
    searcher.forgetQuestions();
  }

  /** Returns the number of deleted chunks whose text and words this commit still contains. */
  long deletedChunks() {
    return searcher.getIndexReader().numDeletedDocs();
  }

  /** Like {@link dev.throng.store.ChunkIndex#forEachText}, including deleted chunks. */
  long forEachText(TextListener listener) {
    return reading(() -> contents().forEachText(listener));
  }

  /** Returns the chunks of one version whose ordinals are in a range, by ordinal. */
  List<Hit> hitsOf(long version, int from, int to) {
    return reading(() -> contents().chunks(version, from, to));
  }

  private CommitContents contents() {
    return new CommitContents(searcher.getIndexReader());
  }

  Embedding embedding(Hit hit) {
    return reading(() -> {
      List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.handle(), leaves));
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(ChunkFields.VECTOR);
      KnnVectorValues.DocIndexIterator documents = vectors.iterator();
      documents.advance(hit.handle() - leaf.docBase);
      return Embedding.normalised(vectors.vectorValue(documents.index()).clone());
    });
  }

  private interface Reading<T extends @Nullable Object> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> body) {
    try {
      return body.read();
    } catch (IOException e) {
      health.note(e);
      throw failed(e);
    } catch (AlreadyClosedException e) { // the index was just replaced
      throw failed(e);
    } catch (RuntimeException | InternalError e) { // damage can cause any exception
      health.suspect(e);
      throw e;
    }
  }

  private static ThrongException failed(Exception e) {
    return new ThrongException(ErrorCode.STORE_FAILED, "the index could not be read: " + e, e);
  }
}
