package dev.throng.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Server-sent events (WHATWG HTML, section 9.2). Events are gathered until {@link #flush}, so that
 * those that are ready together are sent in one write.
 */
final class EventStream implements AutoCloseable {
  private static final int MAX_GATHERED_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private long writtenNanos = System.nanoTime();

  EventStream(Exchange exchange) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.setHeader("X-Accel-Buffering", "no"); // or nginx buffers tokens
    this.out = exchange.stream("text/event-stream");
  }

  /**
   * Adds one event.
   *
   * @param data a single line, such as JSON
   * @throws UncheckedIOException when the client has disconnected
   */
  void event(String name, String id, String data) {
    add("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
  }

  /**
   * Sends a comment line when nothing was written for {@code interval}. Clients ignore it, and
   * proxies take it as a sign that the connection is alive.
   */
  void heartbeatEvery(Duration interval) {
    if (System.nanoTime() - writtenNanos >= interval.toNanos()) {
      add(": still working\n\n");
      flush();
    }
  }

  /** Sends the gathered events. */
  void flush() {
    if (gathered.size() == 0) {
      return;
    }
    try {
      gathered.writeTo(out);
      gathered.reset();
      out.flush();
      writtenNanos = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has disconnected", e);
    }
  }

  /** Sends the gathered events and ends the response. */
  @Override
  public void close() {
    try {
      gathered.writeTo(out);
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the client has disconnected", e);
    }
  }

  private void add(String text) {
    gathered.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    if (gathered.size() > MAX_GATHERED_BYTES) {
      flush();
    }
  }
}
