package dev.throng.config;

/** How passages are searched. */
public enum RetrievalMode {
  /** By words and vectors. */
  HYBRID,
  /** By vectors only. */
  DENSE,
  /** By words and vectors where the store supports it, otherwise by vectors only. */
  HYBRID_OR_DENSE
}
