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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The embedding model through plain calls of its libraries: read from the class path, no queue, no
 * cache.
 */
final class BareModel implements AutoCloseable {
  private static final OnnxModel MODEL = OnnxModel.BGE_SMALL;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession session;

  BareModel() throws IOException, OrtException {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
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
  }

  /** Returns the unit vector of a question. */
  float[] embed(String question) throws OrtException {
    return embedPassage(MODEL.queryPrefix() + question);
  }

  /** Returns the unit vector of a piece of a document. */
  float[] embedPassage(String text) throws OrtException {
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

  /** Returns the seconds that this many threads take for all texts, one text per call. */
  double run(List<String> texts, int threads) throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(() -> {
              for (int n = next.getAndIncrement(); n < texts.size(); n = next.getAndIncrement()) {
                embedPassage(texts.get(n));
              }
              return true;
            }));
      }
      for (Future<Boolean> one : running) {
        one.get();
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static OnnxTensor tensor(OrtEnvironment environment, long[] values, long[] shape)
      throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(BareModel.class.getResourceAsStream(name), name);
  }

  @Override
  public void close() throws OrtException {
    session.close();
    tokenizer.close();
  }
}
