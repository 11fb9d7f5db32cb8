package dev.throng.core;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Unpredictable numbers, drawn in blocks. The ids of requests give access to event streams, and
 * drawing each number separately would cost each request a microsecond. Safe for concurrent use.
 */
public final class SecureLongs implements RandomGenerator {
  private static final int STRIPES = 16;
  private static final int BLOCK_BYTES = 4_096;

  private final Stripe[] stripes =
      Stream.generate(Stripe::new).limit(STRIPES).toArray(Stripe[]::new);

  @Override
  public long nextLong() {
    return stripes[(int) (Thread.currentThread().threadId() % STRIPES)].next();
  }

  /**
   * A block of numbers that some of the threads use, so that threads rarely wait for each other.
   */
  private static final class Stripe {
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] bytes = new byte[BLOCK_BYTES];
    private final ByteBuffer block = ByteBuffer.wrap(bytes).position(BLOCK_BYTES);

    long next() {
      lock.lock();
      try {
        if (!block.hasRemaining()) {
          random.nextBytes(bytes);
          block.clear();
        }
        return block.getLong();
      } finally {
        lock.unlock();
      }
    }
  }
}
