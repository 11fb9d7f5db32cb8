package dev.throng.core;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is already classified: what went wrong ({@link #code}) and with which value (the
 * message).
 */
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

  /** Work refused because of load; {@code retryAfter} is when a new try has a fair chance. */
  public static ThrongException overloaded(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.OVERLOADED, detail, null, retryAfter);
  }

  /** A document refused because too many of its tenant are on their way. */
  public static ThrongException queueFull(String detail) {
    return new ThrongException(ErrorCode.QUEUE_FULL, detail, null, QUEUE_RETRY);
  }

  /** A request beyond what its tenant may send. */
  public static ThrongException rateLimited(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.RATE_LIMITED, detail, null, retryAfter);
  }

  /**
   * A failure of a backend.
   *
   * @param retryAfter how long the backend wants to be left alone; zero when it does not say
   */
  public static ThrongException ofBackend(ErrorCode code, String detail, Duration retryAfter) {
    return new ThrongException(code, detail, null, retryAfter.isZero() ? null : retryAfter);
  }

  /** Work refused because the server is not ready for it. */
  public static ThrongException starting(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.STARTING, detail, null, retryAfter);
  }

  /** A failure of this machine's disk, told apart by whether it is full. */
  public static ThrongException ofDisk(String what, Throwable cause) {
    return new ThrongException(
        isDiskFull(cause) ? ErrorCode.STORAGE_FULL : ErrorCode.STORAGE_FAILED,
        what + ": " + cause,
        cause);
  }

  /** By what the operating system says: Java has no type for it. */
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
