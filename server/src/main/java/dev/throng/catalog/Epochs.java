package dev.throng.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times and epochs as the tables hold them. */
final class Epochs {
  private Epochs() {}

  /**
   * Returns the next epoch. It is later than the previous one and, unless publishes come faster
   * than one per millisecond, equals the time. A catalogue that is restored from a backup must not
   * reuse epochs at which cached answers were validated.
   */
  static long next(long before, Instant now) {
    return Math.max(before + 1, now.toEpochMilli());
  }

  static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
