package dev.throng.answer;

import dev.throng.config.Rung;
import dev.throng.core.ErrorCode;

/**
 * Why, and in what way, an answer is less than the question should get.
 *
 * @param reason the failure that prevented a model's answer
 */
public record Degradation(Rung rung, ErrorCode reason) {
  /**
   * Returns whether the answer may contain statements that the current documents no longer support.
   */
  public boolean isStale() {
    return rung == Rung.STALE;
  }
}
