package dev.throng.store.lucene;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkStore.IndexSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;

/** Opens the writers of indexes: with which settings, and only for the spec of the index. */
final class IndexWriters {
  private static final float BM25_K1 = 1.2f;
  private static final float BM25_B = 0.75f;
  private static final int SEGMENTS_PER_TIER = 3;
  private static final double WRITE_BUFFER_MEBIBYTES = 64;
  private static final String SPEC_LANGUAGE = "language";
  private static final String SPEC_EMBEDDER = "embedder";
  private static final String SPEC_DIMENSION = "dimension";

  private IndexWriters() {}

  /**
   * Checks that an index, if there is one, was made with the same embedder.
   *
   * @param folder of the index, for messages
   * @throws ThrongException INDEX_MISMATCH
   */
  static void checkSpec(FSDirectory directory, Path folder, IndexSpec spec) throws IOException {
    if (!DirectoryReader.indexExists(directory)) {
      return;
    }
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      Map<String, String> made = reader.getIndexCommit().getUserData();
      String embedder = made.getOrDefault(SPEC_EMBEDDER, spec.embedderId());
      String dimension = made.getOrDefault(SPEC_DIMENSION, Integer.toString(spec.dimension()));
      if (!embedder.equals(spec.embedderId())
          || !dimension.equals(Integer.toString(spec.dimension()))) {
        throw new ThrongException(
            ErrorCode.INDEX_MISMATCH,
            "the index in %s was made with %s (%s dimensions), the server is configured for %s (%d): "
                    .formatted(folder, embedder, dimension, spec.embedderId(), spec.dimension())
                + "start with the former, or run `throng reindex`");
      }
    }
  }

  /** Opens a writer, which records the spec with its commits. */
  static IndexWriter open(FSDirectory directory, IndexSpec spec) throws IOException {
    IndexWriter writer =
        new IndexWriter(directory, writerConfig(Languages.analyzer(spec.language())));
    try {
      writer.setLiveCommitData(
          Map.of(
                  SPEC_LANGUAGE, spec.language(),
                  SPEC_EMBEDDER, spec.embedderId(),
                  SPEC_DIMENSION, Integer.toString(spec.dimension()))
              .entrySet(),
          false);
      writer.commit();
      return writer;
    } catch (IOException | RuntimeException e) {
      closeAfterFailure(writer, e); // only this writer can release the index's lock
      throw e;
    }
  }

  private static void closeAfterFailure(IndexWriter writer, Exception cause) {
    try {
      writer.rollback();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static IndexWriterConfig writerConfig(Analyzer analyzer) {
    // Every publish adds a small segment, and every search reads all segments.
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setSegmentsPerTier(SEGMENTS_PER_TIER);
    merges.setForceMergeDeletesPctAllowed(0); // the caller wants all deletions removed
    return new IndexWriterConfig(analyzer)
        .setMergePolicy(new FreshGraphMerges(merges))
        .setCodec(new Lucene104Codec())
        .setSimilarity(similarity())
        .setRAMBufferSizeMB(WRITE_BUFFER_MEBIBYTES)
        .setCommitOnClose(false); // uncommitted changes were not published
  }

  static BM25Similarity similarity() {
    return new BM25Similarity(BM25_K1, BM25_B);
  }
}
