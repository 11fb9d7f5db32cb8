package dev.throng.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends uploads that come too slowly: a client that has gone without a word, or sends a byte now and
 * then, would hold its place among the few that are received at once for ever.
 */
final class UploadWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UploadWatch.class);

  /** So many must come within so long, not counting the time that this server needs for them. */
  private static final int LEAST_BYTES = 4_096;

  private final Duration patience;
  private final Set<Body> bodies = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  /**
   * @param patience how long to wait for 4 KiB, or for the end
   */
  UploadWatch(Duration patience) {
    this.patience = patience;
    this.thread = Thread.ofVirtual().name("upload-watch").start(this::lookUntilClosed);
  }

  /**
   * The body of a request, to be read and closed by the calling thread, which must be the one that
   * serves the connection. When it comes too slowly, the connection is closed.
   */
  InputStream watched(String requestId, InputStream body) {
    Body watched = new Body(requestId, body, Thread.currentThread());
    bodies.add(watched);
    return watched;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void lookUntilClosed() {
    try {
      while (true) {
        Thread.sleep(patience.dividedBy(10));
        bodies.forEach(Body::endIfTooSlow);
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private final class Body extends BodyStream {
    private final String requestId;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isReading;
    private boolean isEnded;
    private long readSinceNanos;
    private long waitedNanos;
    private int bytes;

    Body(String requestId, InputStream in, Thread reader) {
      super(in);
      this.requestId = requestId;
      this.reader = reader;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int read = 0;
      begin();
      try {
        read = in.read(buffer, from, length);
        return read;
      } finally {
        end(Math.max(0, read));
      }
    }

    private void begin() {
      lock.lock();
      try {
        isReading = true;
        readSinceNanos = System.nanoTime();
      } finally {
        lock.unlock();
      }
    }

    private void end(int read) {
      lock.lock();
      try {
        isReading = false;
        waitedNanos += System.nanoTime() - readSinceNanos;
        bytes += read;
        if (bytes >= LEAST_BYTES) {
          bytes = 0;
          waitedNanos = 0;
        }
        if (isEnded) {
          var _ = Thread.interrupted(); // it was for the read
        }
      } finally {
        lock.unlock();
      }
    }

    /** To interrupt a virtual thread that reads from a connection closes the connection. */
    void endIfTooSlow() {
      lock.lock();
      try {
        long waited = waitedNanos + System.nanoTime() - readSinceNanos;
        if (isReading && !isEnded && waited > patience.toNanos()) {
          isEnded = true;
          reader.interrupt();
          log.info(
              "request {}: closed, fewer than {} bytes of its body came within {}",
              requestId,
              LEAST_BYTES,
              patience);
        }
      } finally {
        lock.unlock();
      }
    }

    /** What was not read is read now, so that the client hears why; that must end, too. */
    @Override
    public void close() throws IOException {
      begin();
      try {
        super.close();
      } finally {
        end(0);
        bodies.remove(this);
      }
    }
  }
}
