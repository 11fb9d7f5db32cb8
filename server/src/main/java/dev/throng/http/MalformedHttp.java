package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import dev.throng.observe.HttpMetrics;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that the HTTP library refuses before any route sees them with problem documents,
 * too.
 */
final class MalformedHttp implements DirectHandler {
  private final Ids ids;
  private final HttpMetrics metrics;

  private MalformedHttp(Ids ids, HttpMetrics metrics) {
    this.ids = ids;
    this.metrics = metrics;
  }

  /** Registers this handler for every kind of refusal. */
  static void register(DirectHandlers.Builder handlers, Ids ids, HttpMetrics metrics) {
    MalformedHttp handler = new MalformedHttp(ids, metrics);
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, handler);
    }
  }

  /**
   * Returns a problem document.
   *
   * @param message what is wrong, or null where the library withholds it because it would quote the
   *     request
   */
  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    String id = ids.next();
    ThrongException failure =
        new ThrongException(
            status.code() >= 500 ? ErrorCode.INTERNAL : ErrorCode.MALFORMED_HTTP,
            message == null ? "the request line or a header cannot be parsed" : message);
    metrics.failed(failure.code());
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE)
        .header(Exchange.REQUEST_ID, id)
        .entity(Problems.encode(failure, id))
        .keepAlive(type.keepAlive())
        .build();
  }
}
