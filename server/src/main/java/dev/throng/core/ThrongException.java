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

  /** Work refused because the server is not ready for it. */
  public static ThrongException starting(String detail, Duration retryAfter) {
    return new ThrongException(ErrorCode.STARTING, detail, null, retryAfter);
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
