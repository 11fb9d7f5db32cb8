package dev.throng.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A request body whose subclass wraps each read. A read of a single byte is passed on as a read of
 * an array.
 */
abstract class BodyStream extends FilterInputStream {
  BodyStream(InputStream body) {
    super(body);
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    int read = read(one, 0, 1);
    return read < 0 ? read : one[0] & 0xFF;
  }

  @Override
  public abstract int read(byte[] buffer, int from, int length) throws IOException;
}
