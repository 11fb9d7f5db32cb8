package dev.throng.backend;

import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.Futures;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Turns text into unit vectors. Safe for concurrent use. Questions go before documents. */
public interface Embedder extends AutoCloseable {
  /**
   * Returns the id of model and precision. Two embedders with the same id produce the same vectors.
   */
  String id();

  /** Returns the length of its vectors. */
  int dimension();

  /**
   * Returns the maximum length of a text in its own tokens. A longer text must be split beforehand,
   * and is never cut off here.
   */
  int maxTokens();

  /**
   * Starts to embed a question and returns immediately, so that the caller can search words in the
   * meantime.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED when too many questions are waiting
   */
  CompletableFuture<Embedding> embedQuery(String text, Deadline deadline);

  /** Clears the cached embeddings of questions and sentences, if there are any. */
  default void forgetQueries() {}

  /** Like {@link #embedQuery}, for a piece of a document that a user waits for. */
  CompletableFuture<Embedding> embedPassage(String text, Deadline deadline);

  /**
   * Waits for a result of {@link #embedQuery} or {@link #embedPassage}.
   *
   * @throws ThrongException the failure of the embedding, DEADLINE_EXCEEDED, or SHUTTING_DOWN when
   *     interrupted
   */
  static Embedding await(CompletableFuture<Embedding> embedding, Deadline deadline) {
    return Futures.join(embedding, deadline, "embedding");
  }

  /**
   * Embeds pieces of documents, in their order. Blocks while other documents are ahead.
   *
   * @param texts none of them blank
   */
  List<Embedding> embedDocuments(List<String> texts, Deadline deadline);

  /** Returns the number of questions waiting to be embedded, for a gauge. */
  int waitingQueries();

  /** Returns the vectors of single words, if the model has some. */
  default WordVectors wordVectors() {
    return WordVectors.NONE;
  }

  /** Returns the positions of the tokens of {@code text}, without special tokens. */
  TokenSpans tokenSpans(String text);

  @Override
  void close();
}
