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

  /**
   * Factors by which the usual time follows the times of searches: it settles where a fifth of them
   * take longer. A few that were only interrupted by other work therefore count for nothing.
   */
  private static final double RISE = 1.2;

  private static final double FALL = 0.95;

  /** Bounds of the usual time, so that eight long searches end the short ones. */
  private static final double MIN_NANOS = SHORT_NANOS / 4.0;

  private static final double MAX_NANOS = 4.0 * SHORT_NANOS;

  private final PlatformPool platform;
  private volatile double usualNanos = MAX_NANOS; // not known yet

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
    if (areSearchesShort()) {
      return timed(search);
    }
    return platform.call(Priority.INTERACTIVE, deadline.plus(REPORT_GRACE), () -> timed(search));
  }

  /** Returns whether searches have been short of late. */
  boolean areSearchesShort() {
    return usualNanos < SHORT_NANOS;
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
    double usual = usualNanos;
    usualNanos = Math.clamp(usual * (nanos > usual ? RISE : FALL), MIN_NANOS, MAX_NANOS);
  }

  @Override
  public void close() {
    platform.close();
  }
}
