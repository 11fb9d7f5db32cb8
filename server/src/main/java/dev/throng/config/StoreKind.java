package dev.throng.config;

/** The engine that keeps the chunks. */
public enum StoreKind {
  /** In the data folder of the one process that uses it. */
  LUCENE(true),
  /** A Chroma server; finds by vectors alone. */
  CHROMA(false),
  /** A Weaviate cluster. */
  WEAVIATE(true);

  private final boolean searchesWords;

  StoreKind(boolean searchesWords) {
    this.searchesWords = searchesWords;
  }

  /** Whether it searches words, and not vectors alone. */
  public boolean searchesWords() {
    return searchesWords;
  }
}
