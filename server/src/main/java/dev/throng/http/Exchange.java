package dev.throng.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A request and its response, with the operations that every route needs. */
public final class Exchange {
  static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header PROBLEM =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  private static final int MAX_RESPONSE_BYTES = 32 << 20;
  private static final int STREAM_BUFFER_BYTES = 1 << 15;

  private static final Map<String, HeaderName> HEADER_NAMES = new ConcurrentHashMap<>();

  private final String id;
  private final ServerRequest request;
  private final ServerResponse response;
  private final Connections connections;
  private final @Nullable ClientConnection connection;
  private final long startNanos = System.nanoTime();
  private final RequestBody body;
  private @Nullable ErrorCode failure;

  Exchange(String id, ServerRequest request, ServerResponse response, Connections connections) {
    this.id = id;
    this.request = request;
    this.response = response;
    this.connections = connections;
    this.connection = connections.own();
    this.body = new RequestBody(request, response, connection);
    response.header(HeaderValues.create(REQUEST_ID, id));
    if (body.isChunked() || isOnReserveConnection() || connections.isEnding()) {
      response.header(HeaderValues.CONNECTION_CLOSE); // see finish()
    }
  }

  /** Returns whether only health checks are answered on its connection. */
  boolean isOnReserveConnection() {
    return connection != null && connection.isReserve();
  }

  public String id() {
    return id;
  }

  /** Returns the method in capitals. */
  String method() {
    return request.prologue().method().text();
  }

  /** Returns the path as the client sent it. */
  String path() {
    return request.path().rawPath();
  }

  /** Returns the decoded value of a parameter in the path of the route. */
  public String pathParameter(String name) {
    return request.path().pathParameters().get(name);
  }

  /** Returns the decoded value of the first query parameter with this name. */
  Optional<String> queryParameter(String name) {
    return request.query().first(name).asOptional();
  }

  Set<String> queryParameterNames() {
    return request.query().names();
  }

  /**
   * Returns the value of the first header with this name.
   *
   * @param name from code or configuration, not from a client
   */
  public Optional<String> header(String name) {
    return request.headers().first(headerName(name));
  }

  /** Looking a name up in this map is cheaper than having it normalised for every request. */
  private static HeaderName headerName(String name) {
    HeaderName known = HEADER_NAMES.get(name); // computeIfAbsent may lock
    return known != null ? known : HEADER_NAMES.computeIfAbsent(name, HeaderNames::create);
  }

  OptionalLong contentLength() {
    return request.headers().contentLength();
  }

  boolean hasBody() {
    return request.content().hasEntity();
  }

  /** Returns the media type of the body in lower case, or "" when it has none. */
  String mediaType() {
    return request
        .headers()
        .contentType()
        .map(type -> type.mediaType().text().toLowerCase(Locale.ROOT))
        .orElse("");
  }

  /** Returns the address by which the client reached this machine. */
  SocketAddress localAddress() {
    return request.localPeer().address();
  }

  /** Sets the status of the response, which is 200 otherwise. */
  public void setStatus(int code) {
    response.status(Status.create(code));
  }

  public void setHeader(String name, String value) {
    response.header(HeaderValues.create(headerName(name), value));
  }

  /** Must be called when the client is told of a failure. */
  void noteFailure(ErrorCode code) {
    failure = code;
  }

  /** Returns the failure that the client was told of last, or null when there was none. */
  @Nullable ErrorCode failure() {
    return failure;
  }

  int status() {
    return response.status().code();
  }

  /** Returns a stream for a response whose length is not known. Closing it completes it. */
  public OutputStream stream(String mediaType) {
    setHeader("Content-Type", mediaType);
    return response.outputStream();
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  /** Returns the body as it arrives. Each call returns the same stream. */
  InputStream body() {
    return body.stream();
  }

  /**
   * Ends the exchange. It closes the connection after its last response, because Helidon would
   * leave that to the client.
   *
   * @throws CloseConnectionException when the connection ends here
   */
  void finish() {
    boolean isReadWhole = body.skipRest();
    boolean isLast =
        !isReadWhole
            || body.isChunked() // Helidon does not know how much of it was read
            || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
            || response.headers().contains(HeaderValues.CONNECTION_CLOSE);
    if (isLast) {
      if (response instanceof RoutingResponse streamed && !response.isSent()) {
        streamed.commit(); // writes the last bytes of a stream
      }
      throw new CloseConnectionException("the last request of the connection");
    }
    if (connection != null) {
      connections.served(connection);
    }
  }

  /**
   * Reads a JSON body.
   *
   * @throws ThrongException UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE
   */
  public byte[] readJson(long maxBytes) {
    checkJson();
    long announced = request.headers().contentLength().orElse(0);
    if (announced > maxBytes) {
      throw tooLarge(announced + " bytes", maxBytes);
    }
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try {
      // Up to the end of the stream; otherwise Helidon allocates 2 KB to look for it.
      byte[] read = body().readNBytes((int) ((announced > 0 ? announced : maxBytes) + 1));
      if (read.length > maxBytes) {
        throw tooLarge("more", maxBytes);
      }
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException("the body could not be read", e);
    }
  }

  /**
   * Checks that a body is JSON, if it has a media type.
   *
   * @throws ThrongException UNSUPPORTED_MEDIA_TYPE
   */
  void checkJson() {
    HttpMediaType type = request.headers().contentType().orElse(null);
    if (type != null && !isJson(type)) {
      throw new ThrongException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: %s (expected: application/json)".formatted(type.text()));
    }
  }

  /**
   * Watches the client while it waits for a slow answer. Must be called before the response begins.
   * The connection is closed after the response.
   *
   * @return whether the client has disconnected
   */
  BooleanSupplier watchClient() {
    response.header(HeaderValues.CONNECTION_CLOSE);
    return connections.watchClient(connection, id);
  }

  /** Returns whether part of the response may have been sent. */
  boolean hasBegunResponse() {
    return response.isSent()
        || (response instanceof RoutingResponse streamed && streamed.hasEntity());
  }

  /** Returns whether the client prefers an event stream. */
  boolean acceptsEventStream() {
    String accept = accept();
    return accept.contains("text/event-stream");
  }

  /**
   * Checks that the client accepts JSON or an event stream.
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

  public void sendJson(JsonNode body) {
    sendJson(body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a response. A large one uses reserved memory, because the client may read it slowly.
   *
   * @throws ThrongException RESPONSE_TOO_LARGE, OVERLOADED
   */
  public void sendJson(byte[] body) {
    if (body.length > MAX_RESPONSE_BYTES) {
      throw new ThrongException(
          ErrorCode.RESPONSE_TOO_LARGE,
          "%d bytes (expected: at most %d)".formatted(body.length, MAX_RESPONSE_BYTES));
    }
    try (var _ = connections.reserveResponse(body.length)) {
      response.header(JSON);
      if (request.prologue().method().equals(Method.HEAD)) {
        response.send();
      } else {
        response.send(body);
      }
    }
  }

  /**
   * Sends a response while it is encoded, so that a large one is never completely in memory.
   *
   * @throws UncheckedIOException when the client has disconnected
   */
  void streamJson(Json.Body body) {
    response.header(JSON);
    OutputStream out = new BufferedOutputStream(response.outputStream(), STREAM_BUFFER_BYTES);
    try {
      Json.write(body, out);
      out.close(); // only on success: closing marks the response as complete
    } catch (IOException e) {
      throw new UncheckedIOException("the client has disconnected", e);
    }
  }

  /**
   * Sends bytes while they are read.
   *
   * @param length their number
   * @throws IOException when they cannot be read, or the client has disconnected
   */
  void sendFile(String mediaType, InputStream bytes, long length) throws IOException {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType));
    response.contentLength(length);
    OutputStream out = response.outputStream();
    bytes.transferTo(out);
    out.close(); // only on success: closing marks the response as complete
  }

  /** Sends a response without a body. */
  void sendEmpty(int code) {
    setStatus(code);
    response.send();
  }

  public void sendText(String mediaType, String body) {
    response.header(HeaderNames.CONTENT_TYPE, mediaType);
    response.send(body);
  }

  void sendProblem(ThrongException failure) {
    sendProblem(failure, Problems.encode(failure, id));
  }

  /** Like {@link #sendProblem(ThrongException)}, with details that are only for operators. */
  void sendProblemToOperator(ThrongException failure) {
    sendProblem(failure, Problems.encodeForOperators(failure, id));
  }

  private void sendProblem(ThrongException failure, byte[] problem) {
    noteFailure(failure.code());
    response.status(Status.create(failure.code().status()));
    response.header(PROBLEM);
    response.header(NO_STORE);
    Problems.headers(failure).forEach(this::setHeader);
    response.send(problem);
  }

  private String accept() {
    return request.headers().first(HeaderNames.ACCEPT).orElse("").toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(HttpMediaType type) {
    return "application".equals(type.type())
        && ("json".equals(type.subtype()) || type.subtype().endsWith("+json"));
  }

  static ThrongException tooLarge(String size, long maxBytes) {
    return new ThrongException(
        ErrorCode.BODY_TOO_LARGE,
        "the body: %s (expected: at most %d bytes)".formatted(size, maxBytes));
  }
}
