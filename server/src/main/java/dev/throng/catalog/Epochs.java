package dev.throng.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times and epochs as the tables hold them. */
final class Epochs {
  private Epochs() {}

  /**
   * Later than the one before and, unless publishes come faster than a millisecond, the time: a
   * catalogue that is restored from a backup must not count once more through epochs that answers
   * in a cache were validated at.
   */
  static long next(long before, Instant now) {
    return Math.max(before + 1, now.toEpochMilli());
  }

  static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
