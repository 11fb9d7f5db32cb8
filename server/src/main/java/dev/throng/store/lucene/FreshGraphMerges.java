package dev.throng.store.lucene;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FilterCodecReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.OneMergeWrappingMergePolicy;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;

/**
 * Selects merges as another policy does, but never builds on the HNSW graph of a segment with
 * deletions. Lucene 10.6 does so: it copies the graph with holes, and repairs only nodes that lost
 * many neighbours at the same time (apache/lucene issue 16552). Ingesting SciFact's documents again
 * once reduced the share of the true top ten to 0.23.
 */
final class FreshGraphMerges extends OneMergeWrappingMergePolicy {
  FreshGraphMerges(MergePolicy chooser) {
    super(chooser, GraphlessMerge::new);
  }

  private static final class GraphlessMerge extends MergePolicy.OneMerge {
    GraphlessMerge(MergePolicy.OneMerge chosen) {
      super(chosen.segments);
    }

    @Override
    public CodecReader wrapForMerge(CodecReader segment) {
      return segment.numDeletedDocs() == 0 ? segment : new GraphlessSegment(segment);
    }
  }

  private static final class GraphlessSegment extends FilterCodecReader {
    GraphlessSegment(CodecReader in) {
      super(in);
    }

    @Override
    public KnnVectorsReader getVectorReader() {
      return new GraphlessVectors(in.getVectorReader());
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return in.getCoreCacheHelper();
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return in.getReaderCacheHelper();
    }
  }

  /** Provides only the vectors. A merge that finds no graph here inserts them one by one. */
  private static final class GraphlessVectors extends KnnVectorsReader {
    private final KnnVectorsReader in;

    GraphlessVectors(KnnVectorsReader in) {
      this.in = in;
    }

    @Override
    public void checkIntegrity() throws IOException {
      in.checkIntegrity();
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) throws IOException {
      return in.getFloatVectorValues(field);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) throws IOException {
      return in.getByteVectorValues(field);
    }

    @Override
    public void search(String field, float[] target, KnnCollector collector, AcceptDocs accept)
        throws IOException {
      in.search(field, target, collector, accept);
    }

    @Override
    public void search(String field, byte[] target, KnnCollector collector, AcceptDocs accept)
        throws IOException {
      in.search(field, target, collector, accept);
    }

    @Override
    public Map<String, Long> getOffHeapByteSize(FieldInfo field) {
      return in.getOffHeapByteSize(field);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
