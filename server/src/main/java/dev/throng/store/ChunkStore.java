package dev.throng.store;

import dev.throng.core.CollectionRef;

/**
 * An engine that stores chunks. It declares its capabilities, so that nothing falls back silently.
 */
public interface ChunkStore extends AutoCloseable {
  /**
   * What an engine can do beyond dense search.
   *
   * @param lexical whether it searches words by BM25
   * @param transactional whether a view shows exactly one commit. Otherwise chunks may be visible
   *     as soon as they are written, and the reader must drop those of versions that are not live
   * @param shared whether several replicas may use one of its indexes
   * @param forgetsDeadWords whether word statistics exclude the chunks that a filter excludes.
   *     Otherwise replaced versions count until their chunks are deleted
   */
  record Capabilities(
      boolean lexical, boolean transactional, boolean shared, boolean forgetsDeadWords) {}

  /**
   * The properties of an index, which are stored with it and checked whenever it is opened.
   *
   * @param language name of the analyzer
   * @param embedderId id of the embedder that made the vectors
   * @param dimension length of the vectors
   */
  record IndexSpec(String language, String embedderId, int dimension) {}

  /** Returns its name in messages and in {@code degraded_components}. */
  String name();

  Capabilities capabilities();

  /** Returns whether it does not answer and is temporarily out of use. It recovers by itself. */
  boolean isDegraded();

  /**
   * Returns the number of searches and calls that wait for others to end. It is always 0 for an
   * engine in this process.
   */
  int waitingCalls();

  /**
   * Returns the number of indexes whose files this process has open. It is always 0 for a remote
   * engine.
   */
  default int openIndexes() {
    return 0;
  }

  /**
   * Returns the index with that number, which is created on first use. It is the same object every
   * time.
   *
   * @throws dev.throng.core.ThrongException INDEX_MISMATCH when it was made with another embedder
   *     or dimension; STORE_UNAVAILABLE
   */
  ChunkIndex open(CollectionRef ref, long indexNumber, IndexSpec spec);

  /**
   * Replaces a damaged index by an empty one, and sets its files aside. An index that is not
   * damaged stays. Searches that are under way may fail.
   *
   * @throws dev.throng.core.ThrongException STORE_FAILED
   */
  default ChunkIndex replace(CollectionRef ref, long indexNumber, IndexSpec spec) {
    throw new UnsupportedOperationException(name() + " repairs its indexes by itself");
  }

  /** Clears the words of questions that the engine caches, if any. */
  default void forgetQuestions() {}

  /**
   * Deletes an index that is no longer needed. An index that does not exist counts as deleted.
   * Searches of it that are under way may fail.
   *
   * @param spec its properties
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE, STORE_FAILED; the call can be
   *     retried
   */
  void drop(CollectionRef ref, long indexNumber, IndexSpec spec);

  @Override
  void close();
}
