package dev.throng.http;

import java.io.IOException;
import java.io.InputStream;

/** A request body of which at most a given number of bytes can be read. */
final class LimitedBody extends BodyStream {
  private final long maxBytes;
  private long read;

  LimitedBody(InputStream body, long maxBytes) {
    super(body);
    this.maxBytes = maxBytes;
  }

  /**
   * @throws dev.throng.core.ThrongException BODY_TOO_LARGE
   */
  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    int count = in.read(buffer, from, length);
    read += Math.max(0, count);
    if (read > maxBytes) {
      throw Exchange.tooLarge("more", maxBytes);
    }
    return count;
  }
}
