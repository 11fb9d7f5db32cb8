package dev.throng.backend;

import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;

/** Makes an answer from a prompt. Safe for many threads. */
public interface Generator extends AutoCloseable {
  /**
   * How a generation ended.
   *
   * @param tokens made, 0 when unknown
   */
  record Completion(FinishReason finishReason, int tokens) {}

  /** Takes raw text piece by piece as it is made. */
  @FunctionalInterface
  interface TextSink {
    void append(String piece);
  }

  GeneratorIdentity identity();

  /** Generations it can run at once. */
  int slots();

  /** Longest prompt, in tokens as {@link dev.throng.core.Tokens} guesses them. */
  int maxPromptTokens(int maxTokens);

  /** Longest answer it makes, in tokens. */
  int maxTokens();

  /**
   * Generates, blocking until the end. Interrupting the thread stops it, and frees the backend.
   *
   * @param maxTokens at most this long
   * @throws dev.throng.core.ThrongException a BACKEND_* code, MODEL_MISSING, PROMPT_TOO_LONG,
   *     DEADLINE_EXCEEDED
   */
  Completion generate(Prompt prompt, int maxTokens, Deadline deadline, TextSink sink);

  @Override
  void close();
}
