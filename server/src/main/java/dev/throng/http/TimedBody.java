package dev.throng.http;

import dev.throng.core.Carriers;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request body that is timed while the server waits for it. Closing it does not read the rest.
 */
final class TimedBody extends BodyStream {
  /**
   * Reading a body that has already arrived never blocks, so the thread yields after this many
   * bytes.
   */
  private static final int BYTES_PER_YIELD = 1 << 17;

  private final ClientConnection connection;
  private long bytesRead;
  private long nextYieldAt = BYTES_PER_YIELD;

  TimedBody(InputStream body, ClientConnection connection) {
    super(body);
    this.connection = connection;
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    if (length == 0) {
      return 0; // readNBytes ends with such a call
    }
    int read = 0;
    connection.beginBodyRead();
    try {
      read = in.read(buffer, from, length);
      bytesRead += Math.max(0, read);
      return read;
    } finally {
      connection.endBodyRead(read);
      if (bytesRead >= nextYieldAt) {
        nextYieldAt = bytesRead + BYTES_PER_YIELD;
        Carriers.yieldToOthers();
      }
    }
  }

  /** Returns the number of bytes read. */
  long bytesRead() {
    return bytesRead;
  }

  /** Does nothing, because the exchange reads the rest of the body within bounds. */
  @Override
  public void close() {}
}
