package dev.throng.bench.load;

/** What users ask. */
interface QuestionSource {
  /** Returns the body of a request. */
  String next(boolean isStreamed);
}
