package dev.throng.core;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Numbers that cannot be predicted, a block at a time: ids of requests open event streams, and one
 * by one they would cost each request a microsecond.
 */
public final class SecureLongs implements RandomGenerator {
  private static final int BLOCK_BYTES = 4_096;

  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] bytes = new byte[BLOCK_BYTES];
  private final ByteBuffer block = ByteBuffer.wrap(bytes).position(BLOCK_BYTES);

  @Override
  public long nextLong() {
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
