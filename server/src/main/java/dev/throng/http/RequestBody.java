package dev.throng.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a request, read as it arrives and within bounds, even if no handler wants it. */
final class RequestBody {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** How much of an unused body is read before the connection is closed. */
  private static final long MAX_SKIPPED_BYTES = 64 << 20;

  private static final int SKIP_BUFFER_BYTES = 8_192;

  private final ServerRequest request;
  private final ServerResponse response;
  private final @Nullable ClientConnection connection;
  private @Nullable InputStream body;

  /**
   * Creates a body.
   *
   * @param response to this request; it is sent before an unused body is skipped
   * @param connection null when not on a connection's thread
   */
  RequestBody(
      ServerRequest request, ServerResponse response, @Nullable ClientConnection connection) {
    this.request = request;
    this.response = response;
    this.connection = connection;
  }

  /** Returns the body as it arrives. Each call returns the same stream. */
  InputStream stream() {
    InputStream known = body;
    if (known != null) {
      return known;
    }
    InputStream content =
        connection != null && isChunked() ? chunks(connection) : request.content().inputStream();
    InputStream timed = connection == null ? content : new TimedBody(content, connection);
    body = timed;
    return timed;
  }

  boolean isChunked() {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING);
  }

  private InputStream chunks(ClientConnection connection) {
    if (request.headers().containsToken(HeaderValues.EXPECT_100)) {
      connection.dataWriter().writeNow(BufferData.create(CONTINUE));
    }
    return new ChunkedBody(connection.dataReader());
  }

  private boolean isReadWhole() {
    return request.content().consumed()
        || (body instanceof TimedBody timed
            && timed.bytesRead() == request.headers().contentLength().orElse(-1));
  }

  /**
   * Reads the part of the body that a handler did not read. A client that is still sending receives
   * the response only if the connection is not reset.
   *
   * @return whether the next request begins after it
   */
  boolean skipRest() {
    if (!request.content().hasEntity() || isReadWhole()) {
      return true;
    }
    boolean isAwaitingContinue =
        body == null && request.headers().containsToken(HeaderValues.EXPECT_100);
    if (isAwaitingContinue) {
      return false; // it will not send the body
    }
    if (response instanceof RoutingResponse streamed
        && streamed.hasEntity()
        && !response.isSent()) {
      streamed.commit();
    }
    try {
      InputStream rest = stream();
      byte[] buffer = new byte[SKIP_BUFFER_BYTES];
      long left = MAX_SKIPPED_BYTES;
      int read = 0;
      while (left > 0 && read >= 0) {
        read = rest.read(buffer);
        left -= read;
      }
      return read < 0;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
