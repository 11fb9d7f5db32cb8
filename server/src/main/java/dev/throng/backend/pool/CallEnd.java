package dev.throng.backend.pool;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;

/** How a call to a backend ended. */
public sealed interface CallEnd {
  /**
   * Well.
   *
   * @param tokens made, 0 when unknown
   */
  record Done(int tokens) implements CallEnd {}

  /**
   * Badly, by the backend's fault or the prompt's.
   *
   * @param retryAfter how long the backend wants to be left alone; zero when it does not say
   */
  record Failed(ErrorCode code, Duration retryAfter) implements CallEnd {
    public Failed(ErrorCode code) {
      this(code, Duration.ZERO);
    }

    static Failed of(ThrongException cause) {
      return new Failed(cause.code(), cause.retryAfter().orElse(Duration.ZERO));
    }
  }

  /** Nobody wanted it any more; says nothing about the backend. */
  record Cancelled() implements CallEnd {}
}
