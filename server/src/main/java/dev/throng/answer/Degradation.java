package dev.throng.answer;

import dev.throng.config.Rung;
import dev.throng.core.ErrorCode;

/**
 * Why an answer is less than a question should get, and in what way.
 *
 * @param reason what kept the model from answering
 */
public record Degradation(Rung rung, ErrorCode reason) {
  /** Whether it may say what today's documents no longer say. */
  public boolean isStale() {
    return rung == Rung.STALE;
  }
}
