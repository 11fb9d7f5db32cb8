package dev.throng.retrieval;

import dev.throng.core.Deadline;
import dev.throng.core.PlatformPool;
import dev.throng.core.Priority;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Chooses the thread of each search. A long search runs on a platform thread, because on a virtual
 * thread it would keep the carrier from cached answers and health checks. While searches are short,
 * as in small collections, each stays on its caller's thread, because the hand-over would cost a
 * third of its time.
 */
final class SearchThreads implements AutoCloseable {
  /** Far more than admission allows. */
  private static final int MAX_WAITING_SEARCHES = 10_000;

  /** Extra time for a search to report why it missed its deadline, which it enforces itself. */
  private static final Duration REPORT_GRACE = Duration.ofSeconds(1);

  private static final long SHORT_NANOS = Duration.ofMillis(1).toNanos();

  /** A single long search has an effect, and only many short ones undo it. */
  private static final int WEIGHT_OF_LONGER = 4;

  private static final int WEIGHT_OF_SHORTER = 32;

  private final PlatformPool platform;
  private volatile long usualNanos = 2 * SHORT_NANOS; // not known yet

  /**
   * Starts the platform threads.
   *
   * @param threads number of platform threads
   */
  SearchThreads(int threads) {
    this.platform = new PlatformPool("search", threads, MAX_WAITING_SEARCHES);
  }

  /** Searches, and waits for the result. */
  Retrieved run(Deadline deadline, Supplier<Retrieved> search) {
    if (usualNanos < SHORT_NANOS) {
      return timed(search);
    }
    return platform.call(Priority.INTERACTIVE, deadline.plus(REPORT_GRACE), () -> timed(search));
  }

  /** Waiting for the embedding of the question is not part of a search's time. */
  private Retrieved timed(Supplier<Retrieved> search) {
    long start = System.nanoTime();
    Retrieved found = search.get();
    note(Math.max(0, System.nanoTime() - start - found.timings().embedNanos()));
    return found;
  }

  /** Concurrent calls may lose each other's change, which does no harm. */
  private void note(long nanos) {
    long usual = usualNanos;
    usualNanos = usual + (nanos - usual) / (nanos > usual ? WEIGHT_OF_LONGER : WEIGHT_OF_SHORTER);
  }

  @Override
  public void close() {
    platform.close();
  }
}
