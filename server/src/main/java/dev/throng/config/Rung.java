package dev.throng.config;

/** What a question gets that cannot have a generation now; tried in the configured order. */
public enum Rung {
  /** The answer it had at an earlier state of the documents. */
  STALE,
  /** Sentences quoted from the documents, found by their words alone. */
  EXTRACTIVE,
  /** Nothing: an error that says when to try again. */
  SHED
}
