package dev.throng.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Server-sent events (WHATWG HTML, section 9.2). Events are gathered until {@link #flush}, so that
 * those that are ready together leave in one write.
 */
final class EventStream implements AutoCloseable {
  private static final int MAX_GATHERED_BYTES = 1 << 16;

  private final OutputStream out;
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private long writtenNanos = System.nanoTime();

  EventStream(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.create("X-Accel-Buffering"), "no"); // nginx would hold tokens back
    this.out = response.outputStream();
  }

  /**
   * Adds one event.
   *
   * @param data one line, as JSON is
   * @throws UncheckedIOException when the client is gone
   */
  void event(String name, String id, String data) {
    add("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
  }

  /**
   * Sends a line that clients ignore and proxies count as life, when nothing was written for so
   * long.
   */
  void heartbeatEvery(Duration interval) {
    if (System.nanoTime() - writtenNanos >= interval.toNanos()) {
      add(": still working\n\n");
      flush();
    }
  }

  /** Sends what was gathered. */
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
      throw new UncheckedIOException("the client is gone", e);
    }
  }

  /** Sends the rest, and ends the response. */
  @Override
  public void close() {
    try {
      gathered.writeTo(out);
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the client is gone", e);
    }
  }

  private void add(String text) {
    gathered.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    if (gathered.size() > MAX_GATHERED_BYTES) {
      flush();
    }
  }
}
