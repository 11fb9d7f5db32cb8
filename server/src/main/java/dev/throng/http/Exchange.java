package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One request and its response, with what every route needs. */
public final class Exchange {
  static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header PROBLEM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  private final String id;
  private final ServerRequest request;
  private final ServerResponse response;
  private final ConnectionWatch connections;
  private final long startNanos = System.nanoTime();
  private boolean isOutOfStep;

  Exchange(String id, ServerRequest request, ServerResponse response, ConnectionWatch connections) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.connections = connections;
    response.header(HeaderValues.create(REQUEST_ID, id));
  }

  public String id() {
    return id;
  }

  public ServerRequest request() {
    return request;
  }

  public ServerResponse response() {
    return response;
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  /** The body, as it comes. */
  InputStream body() {
    InputStream content = request.content().inputStream();
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING)
        ? new Chunks(content)
        : content;
  }

  /** Whether nobody knows where in the connection the next request begins. */
  boolean isOutOfStep() {
    return isOutOfStep;
  }

  /** A body in chunks, whose lengths may be anything. */
  private final class Chunks extends BodyStream {
    Chunks(InputStream content) {
      super(content);
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      try {
        return in.read(buffer, from, length);
      } catch (NumberFormatException e) {
        isOutOfStep = true;
        response.header(HeaderValues.CONNECTION_CLOSE);
        throw new ThrongException(
            ErrorCode.MALFORMED_HTTP, "the length of a chunk of the body: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() throws IOException {
      if (!isOutOfStep) {
        super.close(); // which reads the rest
      }
    }
  }

  /**
   * Reads a JSON body.
   *
   * @throws ThrongException UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE
   */
  public byte[] readJson(long maxBytes) {
    return readJson(maxBytes, this::body);
  }

  /** As above, from a stream with the body. */
  byte[] readJson(long maxBytes, Supplier<InputStream> content) {
    HttpMediaType type = request.headers().contentType().orElse(null);
    if (type != null && !isJson(type)) {
      throw new ThrongException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: %s (expected: application/json)".formatted(type.text()));
    }
    long announced = request.headers().contentLength().orElse(0);
    if (announced > maxBytes) {
      throw tooLarge(announced + " bytes", maxBytes);
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = content.get()) {
      // With a known length nothing is allocated beyond it.
      byte[] body = in.readNBytes((int) (announced > 0 ? announced : maxBytes + 1));
      if (body.length > maxBytes) {
        throw tooLarge("more", maxBytes);
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read", e);
    }
  }

  /**
   * Watches the client while it waits for an answer that takes its time. To be called before the
   * response begins: the connection ends with it.
   *
   * @return whether the client has gone
   */
  BooleanSupplier watchClient() {
    response.header(HeaderValues.CONNECTION_CLOSE);
    return connections.watch(id);
  }

  /** Whether the client prefers an event stream. */
  boolean acceptsEventStream() {
    String accept = accept();
    return accept.contains("text/event-stream");
  }

  /**
   * Checks that JSON, or an event stream, will do.
   *
   * @throws ThrongException NOT_ACCEPTABLE
   */
  void checkAcceptable() {
    String accept = accept();
    boolean isAcceptable =
        accept.isEmpty()
            || accept.contains("*/*")
            || accept.contains("application/*")
            || accept.contains("application/json")
            || accept.contains("text/event-stream");
    if (!isAcceptable) {
      throw new ThrongException(
          ErrorCode.NOT_ACCEPTABLE,
          "Accept: %s (expected: application/json or text/event-stream)".formatted(accept));
    }
  }

  public void sendJson(byte[] body) {
    response.header(JSON);
    if (request.prologue().method().equals(Method.HEAD)) {
      response.send();
    } else {
      response.send(body);
    }
  }

  public void sendText(String mediaType, String body) {
    response.header(HeaderNames.CONTENT_TYPE, mediaType);
    response.send(body);
  }

  public void sendProblem(ThrongException failure) {
    response.status(Status.create(failure.code().status()));
    response.header(PROBLEM);
    response.header(NO_STORE);
    Problems.headers(failure)
        .forEach((name, value) -> response.header(HeaderNames.create(name), value));
    response.send(Problems.encode(failure, id));
  }

  private String accept() {
    return request.headers().first(HeaderNames.ACCEPT).orElse("").toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(HttpMediaType type) {
    return "application".equals(type.type())
        && ("json".equals(type.subtype()) || type.subtype().endsWith("+json"));
  }

  private static ThrongException tooLarge(String size, long maxBytes) {
    return new ThrongException(
        ErrorCode.BODY_TOO_LARGE,
        "the body: %s (expected: at most %d bytes)".formatted(size, maxBytes));
  }
}
