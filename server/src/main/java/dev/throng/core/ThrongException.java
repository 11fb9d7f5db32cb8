package dev.throng.core;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A classified failure: what went wrong ({@link #code}) and with which value (the message). */
public final class ThrongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Duration QUEUE_RETRY = Duration.ofSeconds(10);

  private final ErrorCode code;
  private final @Nullable Duration retryAfter;

  public ThrongException(ErrorCode code, String detail) {
    this(code, detail, null, null);
  }

  public ThrongException(ErrorCode code, String detail, @Nullable Throwable cause) {
    this(code, detail, cause, null);
  }

  private ThrongException(
      ErrorCode code, String detail, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(detail, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /**
   * Returns a failure for work that is refused because of load. {@code retryAfter} is the time
   * after which a retry is likely to succeed.
   */
  public static ThrongException overloaded(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.OVERLOADED, detail, null, retryAfter);
  }

  /**
   * Returns a failure for a document that is refused because too many of the tenant's documents are
   * queued.
   */
  public static ThrongException queueFull(String detail) {
    return new ThrongException(ErrorCode.QUEUE_FULL, detail, null, QUEUE_RETRY);
  }

  /** Returns a failure for a request beyond the tenant's rate limit. */
  public static ThrongException rateLimited(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.RATE_LIMITED, detail, null, retryAfter);
  }

  /**
   * Returns a failure of a backend.
   *
   * @param retryAfter how long the backend asked to be left alone, or zero when it did not say
   */
  public static ThrongException ofBackend(ErrorCode code, String detail, Duration retryAfter) {
    return new ThrongException(code, detail, null, retryAfter.isZero() ? null : retryAfter);
  }

  /** Returns a failure for work that is refused because the server is not ready for it. */
  public static ThrongException starting(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.STARTING, detail, null, retryAfter);
  }

  /** Returns a failure of this machine's disk. The code depends on whether the disk is full. */
  public static ThrongException ofDisk(String what, Throwable cause) {
    return new ThrongException(
        isDiskFull(cause) ? ErrorCode.STORAGE_FULL : ErrorCode.STORAGE_FAILED,
        what + ": " + cause,
        cause);
  }

  /**
   * Returns whether the disk is full, judged by the operating system's message because Java has no
   * exception type for it.
   */
  public static boolean isDiskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
        return true;
      }
    }
    return false;
  }

  public static ThrongException invalidField(String field, Object value, String expected) {
    return new ThrongException(
        ErrorCode.INVALID_FIELD, "%s: %s (expected: %s)".formatted(field, value, expected));
  }

  public ErrorCode code() {
    return code;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
