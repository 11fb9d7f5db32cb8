package dev.throng.redis;

import java.io.Serial;

/** Redis did not answer in time, or is out of use: whoever asked goes on without it. */
final class RedisUnavailable extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean wasAsked;

  /**
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
