package dev.throng.core;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A budget for the memory that large requests may use at the same time. A request reserves the
 * memory it may need before it allocates, and waits in turn while others hold it.
 */
public final class MemoryBudget {
  /** Reservations are counted in blocks of this many bytes so that the count fits into an int. */
  private static final int BLOCK_BYTES = 1 << 12;

  private static final Duration RETRY = Duration.ofSeconds(5);

  private final int blocks;
  private final Semaphore free;

  /** A reservation of memory. Closing it releases the memory. */
  public interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Creates a budget.
   *
   * @param bytes total size of the budget
   */
  public MemoryBudget(long bytes) {
    this.blocks = Math.clamp(bytes / BLOCK_BYTES, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(blocks, true);
  }

  /** Returns a budget of a share of the JVM's maximum heap. */
  public static MemoryBudget ofHeap(double share) {
    return new MemoryBudget((long) (Runtime.getRuntime().maxMemory() * share));
  }

  /** Returns the size of the budget in bytes. */
  public long bytes() {
    return (long) blocks * BLOCK_BYTES;
  }

  /** Returns the reserved bytes. */
  public long reservedBytes() {
    return bytes() - (long) free.availablePermits() * BLOCK_BYTES;
  }

  /**
   * Reserves memory, at most the whole budget.
   *
   * @throws ThrongException OVERLOADED when other requests do not release enough memory before the
   *     deadline; SHUTTING_DOWN when interrupted
   */
  public Reservation reserve(long bytes, Deadline deadline) {
    int wanted = Math.clamp((bytes + BLOCK_BYTES - 1) / BLOCK_BYTES, 0, blocks);
    try {
      if (!free.tryAcquire(wanted, deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw ThrongException.overloaded(
            "other large requests hold %d of %d MiB of memory"
                .formatted(reservedBytes() >> 20, bytes() >> 20),
            RETRY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting for memory", e);
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
