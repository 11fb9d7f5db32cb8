package dev.throng.config;

/** How passages are looked for. */
public enum RetrievalMode {
  /** By words and by vectors. */
  HYBRID,
  /** By vectors alone. */
  DENSE,
  /** By words, too, where the store can. */
  HYBRID_OR_DENSE
}
