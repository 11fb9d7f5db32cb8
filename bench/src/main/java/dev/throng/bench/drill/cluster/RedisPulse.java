package dev.throng.bench.drill.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures how late Redis answers on this machine. A replica waits 50 ms for it and then goes on by
 * itself, so where it is later than that, replicas cannot keep what they promise together: one
 * generation for all of them, and no more calls than a backend has slots.
 */
final class RedisPulse implements AutoCloseable {
  /** As {@code redis.timeout} is by default. */
  private static final Duration LATE = Duration.ofMillis(50);

  private static final Duration EVERY = Duration.ofMillis(5);
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket = new Socket();
  private final AtomicInteger late = new AtomicInteger();

  RedisPulse(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofPlatform().name("redis-pulse").daemon().start(this::measure);
  }

  /** Answers that came so late that a replica would not have waited for them. */
  int late() {
    return late.get();
  }

  static long lateMillis() {
    return LATE.toMillis();
  }

  private void measure() {
    try {
      InputStream in = socket.getInputStream();
      while (true) {
        long start = System.nanoTime();
        socket.getOutputStream().write(PING);
        int read;
        do {
          read = in.read();
        } while (read >= 0 && read != '\n');
        if (read < 0) {
          return; // it is gone
        }
        if (System.nanoTime() - start > LATE.toNanos()) {
          late.incrementAndGet();
        }
        TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
      }
    } catch (IOException e) {
      return; // closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
