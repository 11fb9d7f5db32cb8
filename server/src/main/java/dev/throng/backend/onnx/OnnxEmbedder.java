package dev.throng.backend.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.backend.WordVectors;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
import dev.throng.core.PlatformPool;
import dev.throng.core.Priority;
import dev.throng.core.ThrongException;
import dev.throng.core.UnpackedResources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that runs in this process, with one text per call.
 *
 * <p>Batches are deliberately not used. On a CPU they did not improve throughput, and the int8
 * models are not batch-invariant (the same question in a batch: cosine .9937 at worst), so a
 * batched embedding would make answers depend on simultaneous requests.
 */
public final class OnnxEmbedder implements Embedder {
  private static final Logger log = LoggerFactory.getLogger(OnnxEmbedder.class);

  static {
    // Otherwise the tokenizer's library sends usage data over the network.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  /** About 2 KB each. */
  private static final int MAX_SENTENCES = 5_000;

  private static final Duration TOKENIZE_TIMEOUT = Duration.ofMinutes(5);

  private final OnnxModel model;
  private final UnpackedResources resources;
  private final PlatformPool threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final HuggingFaceTokenizer inputs;
  private final OrtSession session;
  private final WordVectors wordVectors;

  /**
   * Created for the first document, so that startup does not wait for it; see {@link #wholeText}.
   */
  private @Nullable HuggingFaceTokenizer wholeText;

  private final Cache<String, Embedding> queryCache;

  /** Sentences of passages that many questions find. */
  private final Cache<String, Embedding> sentenceCache;

  /**
   * Loads the model, which takes about 100 ms.
   *
   * @param resources provides the model and the native libraries as files
   * @param threads the pool for its native calls, which other models may share; closed with this
   *     embedder
   * @param queryCacheEntries number of cached embeddings of questions, and of sentences, by exact
   *     text
   */
  public OnnxEmbedder(
      OnnxModel model, UnpackedResources resources, PlatformPool threads, int queryCacheEntries) {
    this.model = model;
    this.resources = resources;
    this.threads = threads;
    this.queryCache = Caffeine.newBuilder().maximumSize(queryCacheEntries).build();
    this.sentenceCache =
        Caffeine.newBuilder().maximumSize(Math.min(MAX_SENTENCES, queryCacheEntries)).build();
    NativeLibraries.locate(resources);
    FutureTask<OrtSession> loading = new FutureTask<>(this::openSession);
    Thread.ofPlatform().name("load-" + model.id()).start(loading); // in parallel with the tokenizer
    this.inputs =
        tokenizer(
            Map.of(
                "padding",
                "false",
                "truncation",
                "true",
                "maxLength",
                Integer.toString(model.maxTokens())));
    this.session = Futures.join(loading, "loading the model " + model.id());
    this.wordVectors =
        new OnnxWordVectors(
            resources.file(model.modelResource()).orElseThrow(),
            model.dimension(),
            this::wholeText,
            threads);
  }

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public int maxTokens() {
    return model.maxTokens() - 2; // [CLS] and [SEP]
  }

  @Override
  public CompletableFuture<Embedding> embedQuery(String text, Deadline deadline) {
    Embedding known = queryCache.getIfPresent(text);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return threads.submit(
        Priority.INTERACTIVE,
        () -> {
          deadline.check("the question could be embedded");
          Embedding embedding = embed(model.queryPrefix() + text);
          queryCache.put(text, embedding);
          return embedding;
        });
  }

  @Override
  public void forgetQueries() {
    queryCache.invalidateAll();
    sentenceCache.invalidateAll();
  }

  @Override
  public CompletableFuture<Embedding> embedPassage(String text, Deadline deadline) {
    Embedding known = sentenceCache.getIfPresent(text);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return threads.submit(
        Priority.INTERACTIVE,
        () -> {
          deadline.check("a sentence could be embedded");
          Embedding embedding = embed(text);
          sentenceCache.put(text, embedding);
          return embedding;
        });
  }

  @Override
  public List<Embedding> embedDocuments(List<String> texts, Deadline deadline) {
    List<CompletableFuture<Embedding>> pending = new ArrayList<>(texts.size());
    for (String text : texts) {
      pending.add(threads.submit(Priority.BATCH, () -> embed(text)));
    }
    return pending.stream().map(result -> threads.await(result, deadline)).toList();
  }

  @Override
  public int waitingQueries() {
    return threads.queued(Priority.INTERACTIVE);
  }

  @Override
  public WordVectors wordVectors() {
    return wordVectors;
  }

  @Override
  public TokenSpans tokenSpans(String text) {
    Deadline deadline = Deadline.after(System::nanoTime, TOKENIZE_TIMEOUT);
    return threads.call(Priority.BATCH, deadline, () -> spans(text, wholeText().encode(text)));
  }

  @Override
  public void close() {
    threads.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the model " + model.id() + " did not close", e);
    }
    inputs.close();
    lock.lock();
    try {
      if (wholeText != null) {
        wholeText.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns a tokenizer that accepts a text of any length and adds no special tokens. */
  private HuggingFaceTokenizer wholeText() {
    lock.lock();
    try {
      HuggingFaceTokenizer made = wholeText;
      if (made == null) {
        made =
            tokenizer(
                Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
        wholeText = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }

  private Embedding embed(String text) {
    Encoding encoding = inputs.encode(text);
    long[] shape = {1, encoding.getIds().length};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor ids =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(encoding.getIds()), shape);
        OnnxTensor mask =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(encoding.getAttentionMask()), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(encoding.getTypeIds()), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      OnnxTensor states = (OnnxTensor) result.get(0);
      return Embedding.normalised(pool(states.getFloatBuffer(), encoding.getIds().length));
    } catch (OrtException e) {
      throw new ThrongException(
          ErrorCode.INTERNAL, "the model %s failed: %s".formatted(model.id(), e.getMessage()), e);
    }
  }

  /**
   * Returns one vector from the last hidden state.
   *
   * @param states {@code dimension} floats for each token in sequence
   */
  private float[] pool(FloatBuffer states, int tokens) {
    float[] pooled = new float[model.dimension()];
    switch (model.pooling()) {
      case CLS -> states.get(0, pooled);
      case MEAN -> {
        for (int token = 0; token < tokens; token++) {
          for (int i = 0; i < pooled.length; i++) {
            pooled[i] += states.get(token * pooled.length + i);
          }
        }
      }
    }
    return pooled; // the caller normalises its length
  }

  private static TokenSpans spans(String text, Encoding encoding) {
    CharSpan[] spans = encoding.getCharTokenSpans();
    int[] starts = new int[spans.length];
    int[] ends = new int[spans.length];
    int count = 0;
    for (CharSpan span : spans) {
      if (span != null) { // special tokens have no span
        starts[count] = span.getStart();
        ends[count] = span.getEnd();
        count++;
      }
    }
    starts = Arrays.copyOf(starts, count);
    ends = Arrays.copyOf(ends, count);
    if (text.codePointCount(0, text.length()) != text.length()) {
      codePointsToChars(text, starts);
      codePointsToChars(text, ends);
    }
    return new TokenSpans(starts, ends);
  }

  /**
   * Converts positions from code points, which the tokenizer counts, to UTF-16 units. Positions
   * must be ascending.
   */
  private static void codePointsToChars(String text, int[] positions) {
    int codePoints = 0;
    int chars = 0;
    for (int i = 0; i < positions.length; i++) {
      chars = text.offsetByCodePoints(chars, positions[i] - codePoints);
      codePoints = positions[i];
      positions[i] = chars;
    }
  }

  private HuggingFaceTokenizer tokenizer(Map<String, String> options) {
    try (InputStream in = OnnxEmbedder.class.getResourceAsStream(model.tokenizerResource())) {
      return HuggingFaceTokenizer.newInstance(Objects.requireNonNull(in), options);
    } catch (IOException e) {
      throw new UncheckedIOException("the tokenizer of " + model.id() + " could not be read", e);
    }
  }

  private OrtSession openSession() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setCPUArenaAllocator(false); // the arena keeps the largest batch ever seen
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      Path file = resources.file(model.modelResource()).orElseThrow();
      try {
        return environment.createSession(file.toString(), options);
      } catch (OrtException e) {
        log.warn("the model in {} cannot be loaded, unpacking it again: {}", file, e.getMessage());
        return environment.createSession(
            resources.unpackAgain(model.modelResource()).orElseThrow().toString(), options);
      }
    }
  }
}
