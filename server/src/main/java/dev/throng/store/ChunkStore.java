package dev.throng.store;

import dev.throng.core.CollectionRef;

/** An engine that keeps chunks. What it can do is declared, so that nothing falls back silently. */
public interface ChunkStore extends AutoCloseable {
  /**
   * What an engine can do beyond dense search.
   *
   * @param lexical whether it searches words by BM25
   * @param transactional whether a view shows one commit and nothing else. Otherwise chunks may
   *     show from the moment they are written; those of versions that are not live are the reader's
   *     to drop
   * @param shared whether several replicas may use one of its indexes
   * @param forgetsDeadWords whether words are weighed as if the chunks that a filter excepts were
   *     gone. Otherwise replaced versions count until their chunks are deleted
   */
  record Capabilities(
      boolean lexical, boolean transactional, boolean shared, boolean forgetsDeadWords) {}

  /**
   * What an index is made for; kept with it and checked at every opening.
   *
   * @param language names the analyzer
   * @param embedderId names what made the vectors
   * @param dimension length of the vectors
   */
  record IndexSpec(String language, String embedderId, int dimension) {}

  /** What it is called in messages and in {@code degraded_components}. */
  String name();

  Capabilities capabilities();

  /** Whether it does not answer and is left out for now; it comes back by itself. */
  boolean isDegraded();

  /** Searches and calls that wait for others to end; always 0 for an engine in this process. */
  int waitingCalls();

  /** Indexes whose files this process has open; always 0 for an engine elsewhere. */
  default int openIndexes() {
    return 0;
  }

  /**
   * The index of one generation, created on first use; the same object every time.
   *
   * @throws dev.throng.core.ThrongException INDEX_MISMATCH when it was made with another embedder
   *     or dimension; STORE_UNAVAILABLE
   */
  ChunkIndex open(CollectionRef ref, long generation, IndexSpec spec);

  /**
   * Puts an empty index in the place of one that says that it is damaged, whose files are set
   * aside; one that does not stays. Searches that are under way may fail.
   *
   * @throws dev.throng.core.ThrongException STORE_FAILED
   */
  default ChunkIndex replace(CollectionRef ref, long generation, IndexSpec spec) {
    throw new UnsupportedOperationException(name() + " keeps its indexes whole by itself");
  }

  /** Forgets words of questions that it keeps to answer the next ones more quickly, if it does. */
  default void forgetQuestions() {}

  /**
   * Deletes the index of a generation that nobody will ask for any more; one that is not there is
   * deleted already. Searches of it that are under way may fail.
   *
   * @param spec what it was made for
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE, STORE_FAILED; it can be tried again
   */
  void drop(CollectionRef ref, long generation, IndexSpec spec);

  @Override
  void close();
}
