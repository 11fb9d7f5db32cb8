package dev.throng.ollamasim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A request and its response. Every response states that it comes from a simulator. */
final class Exchange {
  private static final String NDJSON = "application/x-ndjson";
  private static final String MARK = "X-Ollama-Simulator: true\r\n";
  private static final Map<Integer, String> REASONS =
      Map.of(
          200,
          "OK",
          400,
          "Bad Request",
          404,
          "Not Found",
          411,
          "Length Required",
          413,
          "Content Too Large",
          500,
          "Internal Server Error",
          503,
          "Service Unavailable");

  private final Connection connection;
  private final String method;
  private final String path;
  private final boolean isLast;
  private String body = "";
  private boolean isStreaming;
  private boolean isBroken;
  private @Nullable CompletableFuture<Boolean> gone;

  Exchange(Connection connection, String method, String target, Map<String, String> headers) {
    this.connection = connection;
    this.method = method;
    int query = target.indexOf('?');
    this.path = query < 0 ? target : target.substring(0, query);
    this.isLast = "close".equalsIgnoreCase(headers.get("connection"));
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  void body(String text) {
    body = text;
  }

  String body() {
    return body;
  }

  /** Whether the connection ends with this exchange. */
  boolean isLast() {
    return isLast || isBroken;
  }

  /** Completes when the client hangs up. The first call starts the watch. */
  CompletableFuture<Boolean> gone() {
    CompletableFuture<Boolean> watched = gone;
    if (watched == null) {
      watched = connection.watch();
      gone = watched;
    }
    return watched;
  }

  /** Returns whether the client has hung up since {@link #gone} was first called. */
  boolean isGone() {
    return gone().isDone();
  }

  /**
   * Waits, and returns whether the client hung up before the event.
   *
   * @param event the event that otherwise ends the wait
   */
  boolean awaitGoneOr(CompletableFuture<Boolean> event) throws InterruptedException {
    await(CompletableFuture.anyOf(gone(), event));
    return isGone();
  }

  static void await(CompletableFuture<?> event) throws InterruptedException {
    try {
      event.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  void send(JsonNode json) throws IOException {
    send(200, "application/json; charset=utf-8", Json.MAPPER.writeValueAsString(json));
  }

  void refuse(int status, String error) throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode().put("error", error);
    send(status, "application/json; charset=utf-8", json.toString());
  }

  void send(int status, String type, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    String head = head(status, type) + "Content-Length: " + bytes.length + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    boolean isHead = method.equals("HEAD");
    byte[] all = new byte[start.length + (isHead ? 0 : bytes.length)];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(bytes, 0, all, start.length, all.length - start.length);
    connection.out().write(all);
  }

  /** Writes lines of a stream in one write; the head precedes the first. */
  void stream(String lines) throws IOException {
    byte[] content = lines.getBytes(StandardCharsets.UTF_8);
    StringBuilder start = new StringBuilder();
    if (!isStreaming) {
      isStreaming = true;
      start.append(head(200, NDJSON)).append("Transfer-Encoding: chunked\r\n\r\n");
    }
    start.append(Integer.toHexString(content.length)).append("\r\n");
    byte[] before = start.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[before.length + content.length + 2];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(content, 0, all, before.length, content.length);
    all[all.length - 2] = '\r';
    all[all.length - 1] = '\n';
    connection.out().write(all);
  }

  /** Ends the stream properly. */
  void endStream() throws IOException {
    String head = isStreaming ? "" : head(200, NDJSON) + "Transfer-Encoding: chunked\r\n\r\n";
    connection.out().write((head + "0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Ends the response here. The connection is closed when the handler returns. */
  void hangUp() {
    isBroken = true;
  }

  /** Ends the response here, and resets the connection. */
  void reset() throws IOException {
    isBroken = true;
    connection.reset();
  }

  private String head(int status, String type) {
    String reason = REASONS.getOrDefault(status, "Status");
    String close = isLast() ? "Connection: close\r\n" : "";
    return "HTTP/1.1 %d %s\r\n%sContent-Type: %s\r\n%s"
        .formatted(status, reason, MARK, type, close);
  }
}
