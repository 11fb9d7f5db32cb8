package dev.throng.admission;

import dev.throng.config.AdmissionConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out as many permits as the backends have slots. Who finds none waits, first come, first
 * served, in a room of bounded size and for a bounded time; who finds the room full is refused at
 * once.
 */
public final class Admission {
  /** Weight of the newest generation in the mean that Retry-After is guessed from. */
  private static final int MEAN_WEIGHT = 8;

  private static final long FIRST_GUESS_NANOS = Duration.ofSeconds(5).toNanos();

  /** The right to run one generation. Gives its slot back exactly once. */
  public final class Permit implements AutoCloseable {
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    @Override
    public void close() {
      if (isClosed.compareAndSet(false, true)) {
        long tookNanos = System.nanoTime() - startNanos;
        meanNanos.updateAndGet(mean -> mean + (tookNanos - mean) / MEAN_WEIGHT);
        slots.release();
      }
    }
  }

  private final AdmissionConfig config;
  private final int slotCount;
  private final Semaphore slots;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong meanNanos = new AtomicLong(FIRST_GUESS_NANOS);

  /**
   * @param slotCount generations that run at once
   */
  public Admission(AdmissionConfig config, int slotCount) {
    this.config = config;
    this.slotCount = slotCount;
    this.slots = new Semaphore(slotCount, true);
  }

  /**
   * Waits for a permit.
   *
   * @throws ThrongException OVERLOADED when the room is full or the wait would end after the
   *     longest wait or the deadline
   */
  public Permit admit(Deadline deadline) {
    int ahead = waiting.incrementAndGet();
    try {
      if (slots.tryAcquire(0, TimeUnit.NANOSECONDS)) { // unlike the one without time: in turn
        return new Permit();
      }
      Deadline wait = deadline.within(config.maxWait());
      if (ahead > config.maxWaiting() || estimatedWait(ahead).compareTo(wait.remaining()) > 0) {
        throw refused(ahead);
      }
      if (!slots.tryAcquire(wait.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw refused(ahead);
      }
      return new Permit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(
          ErrorCode.SHUTTING_DOWN, "interrupted while waiting for a permit", e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Generations waiting, for a gauge. */
  public int waiting() {
    return waiting.get();
  }

  /** Generations running, for a gauge. */
  public int running() {
    return slotCount - slots.availablePermits();
  }

  private ThrongException refused(int ahead) {
    return ThrongException.overloaded(
        "%d generations are waiting for %d slots (limit: %d waiting, %d s)"
            .formatted(ahead, slotCount, config.maxWaiting(), config.maxWait().toSeconds()),
        estimatedWait(ahead));
  }

  /**
   * How long the one with {@code ahead} before it will wait, from how long generations took lately.
   */
  private Duration estimatedWait(int ahead) {
    return Duration.ofNanos(meanNanos.get() / slotCount * ahead);
  }
}
