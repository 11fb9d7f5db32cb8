package dev.throng.bench.rig;

import dev.throng.backend.Embedder;
import dev.throng.backend.TokenSpans;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Returns as many numbers as a real model, immediately: a function of the text that reveals nothing
 * about its meaning. A token is at most {@link #TOKEN_CHARS} characters between spaces.
 */
public final class StubEmbedder implements Embedder {
  private static final int DIMENSION = 384;
  private static final int TOKEN_CHARS = 5;

  @Override
  public String id() {
    return "stub-384";
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  @Override
  public int maxTokens() {
    return 510;
  }

  @Override
  public CompletableFuture<Embedding> embedQuery(String text, Deadline deadline) {
    return embedPassage(text, deadline);
  }

  @Override
  public CompletableFuture<Embedding> embedPassage(String text, Deadline deadline) {
    return CompletableFuture.completedFuture(embedding(text));
  }

  @Override
  public List<Embedding> embedDocuments(List<String> texts, Deadline deadline) {
    return texts.stream().map(StubEmbedder::embedding).toList();
  }

  @Override
  public int waitingQueries() {
    return 0;
  }

  @Override
  public TokenSpans tokenSpans(String text) {
    int[] starts = new int[text.length()];
    int[] ends = new int[text.length()];
    int count = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean isBlank = i == text.length() || text.charAt(i) <= ' ';
      if (i > from && (isBlank || i - from == TOKEN_CHARS)) {
        starts[count] = from;
        ends[count++] = i;
        from = i;
      }
      from = isBlank ? i + 1 : from;
    }
    return new TokenSpans(Arrays.copyOf(starts, count), Arrays.copyOf(ends, count));
  }

  @Override
  public void close() {}

  private static Embedding embedding(String text) {
    SplittableRandom random = new SplittableRandom(text.hashCode());
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return Embedding.normalised(vector);
  }
}
