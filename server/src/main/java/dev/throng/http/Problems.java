package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.Map;

/** Encodes errors as problem documents (RFC 9457). */
public final class Problems {
  static final String MEDIA_TYPE = "application/problem+json";
  private static final String IN_THE_LOG = "the server's log has the details";

  private Problems() {}

  /**
   * Returns a problem as a client may see it.
   *
   * @param requestId the id under which the log has the details
   */
  static byte[] encode(ThrongException failure, String requestId) {
    return encode(failure, requestId, detail(failure.code(), String.valueOf(failure.getMessage())));
  }

  /** Returns a problem as an operator may see it. */
  static byte[] encodeForOperators(ThrongException failure, String requestId) {
    return encode(failure, requestId, String.valueOf(failure.getMessage()));
  }

  /** Returns what a client may see of a detail. */
  static String detail(ErrorCode code, String detail) {
    return code.kind().isDetailPrivate() ? IN_THE_LOG : detail;
  }

  private static byte[] encode(ThrongException failure, String requestId, String detail) {
    ErrorCode code = failure.code();
    return Json.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "urn:throng:error:" + code.code());
      json.writeStringField("title", code.meaning());
      json.writeNumberField("status", code.status());
      json.writeStringField("detail", detail);
      json.writeStringField("code", code.code());
      json.writeStringField("remedy", code.remedy());
      json.writeStringField("request_id", requestId);
      if (failure.retryAfter().isPresent()) {
        json.writeNumberField("retry_after", seconds(failure.retryAfter().get()));
      }
      json.writeEndObject();
    });
  }

  /** Returns the headers that belong to the failure. */
  static Map<String, String> headers(ThrongException failure) {
    return failure
        .retryAfter()
        .map(after -> Map.of("Retry-After", Long.toString(seconds(after))))
        .orElse(Map.of());
  }

  private static long seconds(Duration duration) {
    return Math.max(1, (duration.toMillis() + 999) / 1000);
  }

  /** Returns docs/reference/errors.md. */
  public static String referenceMarkdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Errors
            Generated from `ErrorCode`. Every error is a problem document (RFC 9457, `application/problem+json`) with
            `type`, `title`, `status`, `detail`, `code`, `remedy` and `request_id`; `code` is stable, switch on that. In an
            event stream the same object is the data of `event: error`. Details that contain addresses, paths or
            output of other programs are not sent to clients: the log has them under the `request_id`, and requests with an
            operator's token receive them.

            | code | status | meaning | what to do |
            |---|---|---|---|
            """);
    for (ErrorCode code : ErrorCode.values()) {
      page.append(
          "| `%s` | %d | %s | %s |\n"
              .formatted(code.code(), code.status(), code.meaning(), code.remedy()));
    }
    return page.toString();
  }
}
