package dev.throng.backend.pool;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;

/** The end of a call to a backend. */
public sealed interface CallEnd {
  /**
   * The call succeeded.
   *
   * @param tokens number of tokens generated, 0 when unknown
   */
  record Done(int tokens) implements CallEnd {}

  /**
   * The call failed, because of the backend or the prompt.
   *
   * @param retryAfter how long the backend asked to be left alone; zero when it did not say
   */
  record Failed(ErrorCode code, Duration retryAfter) implements CallEnd {
    public Failed(ErrorCode code) {
      this(code, Duration.ZERO);
    }

    static Failed of(ThrongException cause) {
      return new Failed(cause.code(), cause.retryAfter().orElse(Duration.ZERO));
    }
  }

  /** The result was no longer needed. This is no evidence about the backend. */
  record Cancelled() implements CallEnd {}
}
