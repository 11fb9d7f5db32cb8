package dev.throng.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A client's connection, which posts and reads the answer, event by event if it is a stream. It
 * does as little as possible, because the cost of the load is part of every figure on a machine
 * that runs everything.
 */
public final class QueryConnection implements AutoCloseable {
  private static final String EVENTS = "text/event-stream";
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final String LINES = "application/x-ndjson";
  private static final String EVENT_END = "\n\n";

  /** Streams have heartbeats, and no answer takes longer: after this the server must be gone. */
  private static final int SILENCE_MILLIS = 600_000;

  /**
   * A server-sent event; for a line of JSON lines, name, id and data are empty.
   *
   * @param atNanos when it was read, by {@link System#nanoTime}
   */
  public record Event(String name, String id, String data, long atNanos) {
    /** Stands for no event. */
    public static final Event NONE = new Event("", "", "", 0);

    static Event of(String text, long atNanos) {
      return new Event(field(text, "event: "), field(text, "id: "), field(text, "data: "), atNanos);
    }

    /** Returns its data as JSON. */
    public JsonNode json() {
      return JsonText.parse(data);
    }

    private static String field(String text, String name) {
      int start = text.startsWith(name) ? 0 : text.indexOf("\n" + name) + 1;
      if (start == 0 && !text.startsWith(name)) {
        return "";
      }
      int end = text.indexOf('\n', start);
      return text.substring(start + name.length(), end < 0 ? text.length() : end);
    }
  }

  /**
   * How a request ended.
   *
   * @param body "" when it was a stream of events
   */
  public record Response(int status, String body) {
    /**
     * Returns whether the server had no room for the request, and said so.
     *
     * @param last the last event of a stream, whose status is sent before it fails
     */
    public boolean isRefusal(Event last) {
      return status == TOO_MANY_REQUESTS
          || status == UNAVAILABLE
          || (last.name().equals("error") && last.data().contains("\"status\":" + UNAVAILABLE));
    }
  }

  private final Socket socket = new Socket();
  private final String host;
  private final HttpInput in;
  private final OutputStream out;
  private boolean isUsable = true;
  private String requestId = "";

  public QueryConnection(URI server) throws IOException {
    this.host = server.getAuthority();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(SILENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    this.in = new HttpInput(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * Posts, and waits for the end of the answer.
   *
   * @param onEvent receives each event as it arrives
   */
  public Response post(String path, String json, Consumer<Event> onEvent) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return send(
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, host, body.length, json),
        onEvent);
  }

  /**
   * Sends a GET, and waits for the end of the answer.
   *
   * @param lastEvent the id of the last event received; "" for none
   * @param onEvent receives each event as it arrives
   */
  public Response get(String path, String lastEvent, Consumer<Event> onEvent) throws IOException {
    String header = lastEvent.isEmpty() ? "" : "Last-Event-ID: " + lastEvent + "\r\n";
    return send("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n".formatted(path, host, header), onEvent);
  }

  private Response send(String request, Consumer<Event> onEvent) throws IOException {
    requestId = "";
    out.write(request.getBytes(StandardCharsets.UTF_8));
    String head = in.head();
    if (head == null) {
      throw new IOException("the connection was closed instead of an answer");
    }
    requestId = HttpInput.header(head, "X-Request-Id");
    isUsable = !HttpInput.header(head, "Connection").equals("close");
    int status = Integer.parseInt(head.substring(head.indexOf(' ') + 1).substring(0, 3));
    String type = HttpInput.header(head, "Content-Type");
    if (type.startsWith(EVENTS)) {
      readEvents(head, EVENT_END, onEvent);
      return new Response(status, "");
    }
    if (type.startsWith(LINES) && HttpInput.isChunked(head)) {
      readEvents(head, "\n", onEvent);
      return new Response(status, "");
    }
    return new Response(status, readBody(head));
  }

  /** The id of the last request whose answer started to arrive; "" for none. */
  public String requestId() {
    return requestId;
  }

  /** Whether it can carry another request. */
  public boolean isUsable() {
    return isUsable;
  }

  /** Hangs up, also in the middle of an answer. */
  @Override
  public void close() {
    isUsable = false;
    try {
      socket.close();
    } catch (IOException e) {
      // it is no longer needed
    }
  }

  private String readBody(String head) throws IOException {
    if (!HttpInput.isChunked(head)) {
      return new String(in.exactly(HttpInput.length(head)), StandardCharsets.UTF_8);
    }
    StringBuilder bytes = new StringBuilder();
    for (byte[] chunk = in.chunk(); chunk.length > 0; chunk = in.chunk()) {
      bytes.append(new String(chunk, StandardCharsets.ISO_8859_1));
    }
    return text(bytes.toString());
  }

  /** Bytes are kept as Latin-1 characters until an event is complete: a chunk may end anywhere. */
  private void readEvents(String head, String end, Consumer<Event> onEvent) throws IOException {
    StringBuilder pending = new StringBuilder();
    if (!HttpInput.isChunked(head)) { // all events were ready together
      add(in.exactly(HttpInput.length(head)), pending, end, onEvent);
      return;
    }
    for (byte[] chunk = in.chunk(); chunk.length > 0; chunk = in.chunk()) {
      add(chunk, pending, end, onEvent);
    }
  }

  private static void add(byte[] part, StringBuilder pending, String end, Consumer<Event> onEvent) {
    long now = System.nanoTime();
    pending.append(new String(part, StandardCharsets.ISO_8859_1));
    for (int at = pending.indexOf(end); at >= 0; at = pending.indexOf(end)) {
      onEvent.accept(Event.of(text(pending.substring(0, at)), now));
      pending.delete(0, at + end.length());
    }
  }

  private static String text(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
