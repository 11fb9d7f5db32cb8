package dev.throng.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Server-sent events (WHATWG HTML, section 9.2), each flushed as it is written. */
final class EventStream implements AutoCloseable {
  private final OutputStream out;
  private long writtenNanos = System.nanoTime();

  EventStream(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.create("X-Accel-Buffering"), "no"); // nginx would hold tokens back
    this.out = response.outputStream();
  }

  /**
   * Writes one event.
   *
   * @param data one line, as JSON is
   * @throws UncheckedIOException when the client is gone
   */
  void event(String name, String id, String data) {
    write("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
  }

  /**
   * Writes a line that clients ignore and proxies count as life, when nothing was written for so
   * long.
   */
  void heartbeatEvery(Duration interval) {
    if (System.nanoTime() - writtenNanos >= interval.toNanos()) {
      write(": still working\n\n");
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the client is gone", e);
    }
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      writtenNanos = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException("the client is gone", e);
    }
  }
}
