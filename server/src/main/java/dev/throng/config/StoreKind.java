package dev.throng.config;

/** The engine that stores the chunks. */
public enum StoreKind {
  /** Lucene, in the data folder of a single process. */
  LUCENE(true),
  /** A Chroma server, which supports only vector search. */
  CHROMA(false),
  /** A Weaviate cluster. */
  WEAVIATE(true);

  private final boolean searchesWords;

  StoreKind(boolean searchesWords) {
    this.searchesWords = searchesWords;
  }

  /** Returns whether the store can search by words, not only by vectors. */
  public boolean searchesWords() {
    return searchesWords;
  }
}
