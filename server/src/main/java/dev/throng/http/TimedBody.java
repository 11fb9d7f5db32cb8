package dev.throng.http;

import dev.throng.core.Carriers;
import java.io.IOException;
import java.io.InputStream;

/** A request body that is timed while the server waits for it; closing it reads nothing. */
final class TimedBody extends BodyStream {
  /** A body that has arrived already is read without ever blocking. */
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

  /** Bytes that were read so far. */
  long bytesRead() {
    return bytesRead;
  }

  /** The exchange reads what is left, within bounds. */
  @Override
  public void close() {}
}
