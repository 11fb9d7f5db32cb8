package dev.throng.store.lucene;

import dev.throng.store.VersionFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * A query for the chunks of one commit that a filter admits: one precomputed bit per chunk. As
 * terms, tens of thousands of versions would have to be looked up in every search.
 */
final class AdmittedChunks extends Query {
  /**
   * With fewer versions than one per this many chunks, looking up each version is faster than
   * reading all chunks.
   */
  private static final int CHUNKS_PER_LOOKUP = 16;

  private final List<FixedBitSet> byLeaf;
  private final int count;

  private AdmittedChunks(List<FixedBitSet> byLeaf) {
    this.byLeaf = byLeaf;
    this.count = byLeaf.stream().mapToInt(FixedBitSet::cardinality).sum();
  }

  /** Returns a query for all set bits. The bits are shared, not copied. */
  static AdmittedChunks of(List<FixedBitSet> byLeaf) {
    return new AdmittedChunks(byLeaf);
  }

  /** Returns a query for the chunks of some versions, without deleted chunks. */
  static AdmittedChunks of(IndexReader reader, Set<Long> only, VersionFilter filter)
      throws IOException {
    List<FixedBitSet> byLeaf = new ArrayList<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      LeafReader segment = leaf.reader();
      FixedBitSet admitted = new FixedBitSet(segment.maxDoc());
      if (only.size() < segment.maxDoc() / CHUNKS_PER_LOOKUP) {
        lookUp(segment, only, filter, admitted);
      } else {
        readAll(segment, filter, admitted);
      }
      Bits live = segment.getLiveDocs();
      if (live != null) {
        live.applyMask(admitted, 0);
      }
      byLeaf.add(admitted);
    }
    return new AdmittedChunks(byLeaf);
  }

  private static void lookUp(
      LeafReader segment, Set<Long> only, VersionFilter filter, FixedBitSet admitted)
      throws IOException {
    for (Long version : only) {
      PostingsEnum chunks =
          filter.admits(version)
              ? segment.postings(
                  new Term(ChunkFields.VERSION, ChunkFields.versionTerm(version)),
                  PostingsEnum.NONE)
              : null;
      if (chunks != null) {
        admitted.or(chunks);
      }
    }
  }

  private static void readAll(LeafReader segment, VersionFilter filter, FixedBitSet admitted)
      throws IOException {
    NumericDocValues versions = DocValues.getNumeric(segment, ChunkFields.VERSION);
    long last = -1;
    boolean isAdmitted = false;
    for (int d = versions.nextDoc(); d != DocIdSetIterator.NO_MORE_DOCS; d = versions.nextDoc()) {
      long version = versions.longValue();
      if (version != last) { // chunks of a document are adjacent
        last = version;
        isAdmitted = filter.admits(version);
      }
      if (isAdmitted) {
        admitted.set(d);
      }
    }
  }

  /** Returns the number of admitted chunks. */
  int count() {
    return count;
  }

  DocIdSetIterator iterator(LeafReaderContext leaf) {
    FixedBitSet admitted = byLeaf.get(leaf.ord);
    return new BitSetIterator(admitted, admitted.approximateCardinality());
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext leaf) {
        return ConstantScoreScorerSupplier.fromIterator(
            iterator(leaf), score(), scoreMode, leaf.reader().maxDoc());
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false; // this query is itself a cache
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return count + " admitted chunks";
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
