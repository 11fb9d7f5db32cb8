package dev.throng.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.throng.backend.onnx.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * The reference for searches: tokeniser, model and Lucene called one after the other, a thread a
 * core, on an index that Throng wrote; no server, no fusion, no snapshot, no JSON.
 */
final class BareSearch implements AutoCloseable {
  private static final OnnxModel MODEL = OnnxModel.BGE_SMALL;
  private static final Analyzer ANALYZER = new EnglishAnalyzer();
  private static final int LEXICAL = 100;
  private static final int DENSE = 200;
  private static final int FETCHED = 10;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession session;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  BareSearch(Path index) throws IOException, OrtException {
    try (InputStream in = resource(MODEL.tokenizerResource())) {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              in, Map.of("padding", "false", "truncation", "true", "maxLength", "512"));
    }
    try (InputStream in = resource(MODEL.modelResource());
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setCPUArenaAllocator(false);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      this.session = OrtEnvironment.getEnvironment().createSession(in.readAllBytes(), options);
    }
    this.reader = DirectoryReader.open(FSDirectory.open(index));
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
  }

  /** Searches in turn for {@code seconds}; returns searches a second. */
  double run(List<String> questions, int seconds) throws InterruptedException {
    LongAdder done = new LongAdder();
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    List<Thread> threads =
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
            .mapToObj(i ->
                Thread.ofPlatform()
                    .name("bare-search-" + i)
                    .start(() -> {
                      while (System.nanoTime() - end < 0) {
                        int n = Math.floorMod(next.getAndIncrement(), questions.size());
                        search(questions.get(n));
                        done.increment();
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    return done.sum() / ((System.nanoTime() - start) / 1e9);
  }

  @Override
  public void close() throws IOException, OrtException {
    reader.close();
    session.close();
    tokenizer.close();
  }

  private void search(String question) {
    try {
      float[] vector = embed(MODEL.queryPrefix() + question);
      TopDocs lexical =
          searcher.search(new QueryBuilder(ANALYZER).createBooleanQuery("body", question), LEXICAL);
      TopDocs dense = searcher.search(new KnnFloatVectorQuery("vector", vector, DENSE), LEXICAL);
      StoredFields stored = searcher.storedFields();
      for (ScoreDoc[] found : List.of(lexical.scoreDocs, dense.scoreDocs)) {
        for (int i = 0; i < Math.min(FETCHED / 2, found.length); i++) {
          stored.document(found[i].doc);
        }
      }
    } catch (IOException | OrtException e) {
      throw new IllegalStateException("the reference failed", e);
    }
  }

  private float[] embed(String text) throws OrtException {
    Encoding encoding = tokenizer.encode(text);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, encoding.getIds().length};
    try (OnnxTensor ids = tensor(environment, encoding.getIds(), shape);
        OnnxTensor mask = tensor(environment, encoding.getAttentionMask(), shape);
        OnnxTensor types = tensor(environment, encoding.getTypeIds(), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] vector = new float[MODEL.dimension()];
      states.get(0, vector);
      double norm = 0;
      for (float x : vector) {
        norm += x * x;
      }
      for (int i = 0; i < vector.length; i++) {
        vector[i] /= (float) Math.sqrt(norm);
      }
      return vector;
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, long[] values, long[] shape)
      throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(BareSearch.class.getResourceAsStream(name), name);
  }
}
