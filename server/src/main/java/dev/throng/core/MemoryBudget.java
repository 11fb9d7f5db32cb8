package dev.throng.core;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Memory that large requests may take at the same time. A request reserves what it may need before
 * it takes it, and waits in turn for what others have reserved.
 */
public final class MemoryBudget {
  /** Reservations are counted in blocks of this many bytes, so that an int counts them all. */
  private static final int BLOCK_BYTES = 1 << 12;

  private static final Duration RETRY = Duration.ofSeconds(5);

  private final int blocks;
  private final Semaphore free;

  /** A reservation; closing it gives the memory back. */
  public interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param bytes in all
   */
  public MemoryBudget(long bytes) {
    this.blocks = Math.clamp(bytes / BLOCK_BYTES, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(blocks, true);
  }

  /** A share of the memory that the process may use for objects. */
  public static MemoryBudget ofHeap(double share) {
    return new MemoryBudget((long) (Runtime.getRuntime().maxMemory() * share));
  }

  /** All of it, in bytes. */
  public long bytes() {
    return (long) blocks * BLOCK_BYTES;
  }

  /** What is reserved, in bytes. */
  public long reservedBytes() {
    return bytes() - (long) free.availablePermits() * BLOCK_BYTES;
  }

  /**
   * Reserves memory, at most all there is.
   *
   * @throws ThrongException OVERLOADED when others did not give back enough before the deadline;
   *     SHUTTING_DOWN
   */
  public Reservation reserve(long bytes, Deadline deadline) {
    int wanted = Math.clamp((bytes + BLOCK_BYTES - 1) / BLOCK_BYTES, 0, blocks);
    try {
      if (!free.tryAcquire(wanted, deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw ThrongException.overloaded(
            "other large requests take %d of %d MiB of memory"
                .formatted(reservedBytes() >> 20, bytes() >> 20),
            RETRY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting", e);
    }
    return new Reservation() {
      private boolean isOpen = true;

      @Override
      public void close() {
        if (isOpen) {
          isOpen = false;
          free.release(wanted);
        }
      }
    };
  }
}
