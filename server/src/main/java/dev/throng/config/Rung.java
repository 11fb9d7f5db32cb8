package dev.throng.config;

/** What a request gets when no generation is possible. Rungs are tried in the configured order. */
public enum Rung {
  /** The answer from an earlier state of the documents. */
  STALE,
  /** Sentences quoted from the documents, found by their words only. */
  EXTRACTIVE,
  /** No answer: an error with the time after which to retry. */
  SHED
}
