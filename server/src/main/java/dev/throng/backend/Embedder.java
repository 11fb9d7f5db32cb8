package dev.throng.backend;

import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns text into unit vectors. Safe for many threads; questions go before documents. */
public interface Embedder extends AutoCloseable {
  /** Names model and precision: two embedders with the same id make the same vectors. */
  String id();

  /** Length of its vectors. */
  int dimension();

  /**
   * Longest text it takes, in its own tokens; what is longer must be split before, never cut off
   * here.
   */
  int maxTokens();

  /**
   * Starts to embed a question and returns at once, so that the caller can search words meanwhile.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED when too many questions wait
   */
  CompletableFuture<Embedding> embedQuery(String text, Deadline deadline);

  /** Forgets the questions that it has embedded, if it keeps any. */
  default void forgetQueries() {}

  /** As {@link #embedQuery}, for a piece of a document that a person waits for. */
  CompletableFuture<Embedding> embedPassage(String text, Deadline deadline);

  /**
   * Waits for a result of {@link #embedQuery} or {@link #embedPassage}.
   *
   * @throws ThrongException what the embedding failed with, DEADLINE_EXCEEDED, or SHUTTING_DOWN
   *     when interrupted
   */
  static Embedding await(CompletableFuture<Embedding> embedding, Deadline deadline) {
    try {
      return embedding.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      embedding.cancel(false);
      throw new ThrongException(
          ErrorCode.DEADLINE_EXCEEDED, "the deadline passed before the text was embedded", e);
    } catch (InterruptedException e) {
      embedding.cancel(false);
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while embedding", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ThrongException classified
          ? classified
          : new ThrongException(ErrorCode.INTERNAL, "embedding failed: " + e.getCause(), e);
    }
  }

  /**
   * Embeds pieces of documents, in their order. Blocks while other documents are ahead.
   *
   * @param texts none of them blank
   */
  List<Embedding> embedDocuments(List<String> texts, Deadline deadline);

  /** Questions waiting to be embedded, for a gauge. */
  int waitingQueries();

  /** Where the tokens of {@code text} are, special tokens left out. */
  TokenSpans tokenSpans(String text);

  @Override
  void close();
}
