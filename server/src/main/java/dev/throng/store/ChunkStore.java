package dev.throng.store;

import dev.throng.core.CollectionRef;

/** An engine that keeps chunks. What it can do is declared, so that nothing falls back silently. */
public interface ChunkStore extends AutoCloseable {
  /**
   * What an engine can do beyond dense search.
   *
   * @param lexical whether it searches words by BM25
   * @param pointInTimeViews whether a view keeps showing its commit while writers go on
   */
  record Capabilities(boolean lexical, boolean pointInTimeViews) {}

  /**
   * What an index is made for; kept with it and checked at every opening.
   *
   * @param language names the analyzer
   * @param embedderId names what made the vectors
   * @param dimension length of the vectors
   */
  record IndexSpec(String language, String embedderId, int dimension) {}

  Capabilities capabilities();

  /**
   * The index of one generation, created on first use; the same object every time.
   *
   * @throws dev.throng.core.ThrongException INDEX_MISMATCH when it was made with another embedder
   *     or dimension
   */
  ChunkIndex open(CollectionRef ref, long generation, IndexSpec spec);

  @Override
  void close();
}
