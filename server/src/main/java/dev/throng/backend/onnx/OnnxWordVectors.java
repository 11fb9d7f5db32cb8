package dev.throng.backend.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.throng.backend.WordVectors;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.PlatformPool;
import dev.throng.core.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Words as the sums of their tokens' input embeddings, for models with BERT's uncased vocabulary.
 * The embeddings are read for the first words, which takes some 50 ms.
 */
final class OnnxWordVectors implements WordVectors {
  private static final Logger log = LoggerFactory.getLogger(OnnxWordVectors.class);

  /** BERT's vocabulary has its whole words sorted by their frequency, from this id on. */
  private static final int FIRST_WORD = 1_996;

  /** The number of words that count as the most frequent ones. */
  private static final double FREQUENT_WORDS = 60;

  private static final double MIN_RARITY = 0.05;

  private final Path onnx;
  private final int dimension;
  private final Supplier<HuggingFaceTokenizer> tokenizer;
  private final PlatformPool threads;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isRead;
  private @Nullable TokenTable table;

  /**
   * Creates the vectors.
   *
   * @param onnx the model's file
   * @param tokenizer adds no special tokens
   * @param threads the pool for native calls
   */
  OnnxWordVectors(
      Path onnx, int dimension, Supplier<HuggingFaceTokenizer> tokenizer, PlatformPool threads) {
    this.onnx = onnx;
    this.dimension = dimension;
    this.tokenizer = tokenizer;
    this.threads = threads;
  }

  @Override
  public List<WordVector> of(List<String> words, Deadline deadline) {
    return words.isEmpty()
        ? List.of()
        : threads.call(Priority.INTERACTIVE, deadline, () -> vectors(words, deadline));
  }

  private List<WordVector> vectors(List<String> words, Deadline deadline) {
    TokenTable known = table();
    if (known == null) {
      return NONE.of(words, deadline);
    }
    String text = String.join(" ", words);
    Encoding encoding = tokenizer.get().encode(text);
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    List<WordVector> vectors = new ArrayList<>(words.size());
    int token = 0;
    int end = 0; // in code points, which the tokenizer counts
    for (String word : words) {
      end += word.codePointCount(0, word.length());
      int from = token;
      while (token < ids.length && (spans[token] == null || spans[token].getStart() < end)) {
        token++;
      }
      vectors.add(vector(known, Arrays.copyOfRange(ids, from, token)));
      end++; // the space after it
    }
    return vectors;
  }

  private static WordVector vector(TokenTable table, long[] ids) {
    if (ids.length == 0) {
      return WordVector.UNKNOWN; // it has only characters that the tokenizer leaves out
    }
    float[] sum = new float[table.dimension()];
    for (long id : ids) {
      table.add((int) id, sum);
    }
    return new WordVector(
        Embedding.normalised(sum), ids.length == 1 ? rarity(ids[0], table.tokens()) : 1);
  }

  /** Frequencies fall with the rank (Zipf's law), so the rarity rises with its logarithm. */
  private static double rarity(long id, int tokens) {
    double rank = Math.max(0, id - FIRST_WORD);
    double rarest = tokens - FIRST_WORD;
    double rarity = Math.log1p(rank / FREQUENT_WORDS) / Math.log1p(rarest / FREQUENT_WORDS);
    return Math.max(MIN_RARITY, rarity);
  }

  private @Nullable TokenTable table() {
    lock.lock();
    try {
      if (!isRead) {
        isRead = true;
        table = read();
      }
      return table;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable TokenTable read() {
    try {
      return TokenTable.read(onnx, dimension)
          .orElseThrow(() -> new IOException("it has no embeddings of tokens"));
    } catch (IOException | RuntimeException e) {
      log.warn("{}: {} (synonyms are not recognised)", onnx, e.getMessage());
      return null;
    }
  }
}
