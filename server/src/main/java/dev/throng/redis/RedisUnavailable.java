package dev.throng.redis;

import java.io.Serial;

/** Thrown when Redis did not answer in time or is out of use. The caller continues without it. */
final class RedisUnavailable extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean wasAsked;

  /**
   * Creates the exception.
   *
   * @param wasAsked whether the command was sent, and may have had its effect
   */
  RedisUnavailable(boolean wasAsked) {
    super("redis does not answer", null, false, false);
    this.wasAsked = wasAsked;
  }

  boolean wasAsked() {
    return wasAsked;
  }
}
