package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.core.Deadline;
import dev.throng.core.Futures;
import dev.throng.core.ThrongException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures how many generations a backend runs simultaneously, because backends do not report it.
 */
public final class SlotCount {
  /** Number of simultaneous short generations, and the maximum that can be detected. */
  public static final int TRIED = 4;

  private static final int TOKENS = 12;

  /** The time from the first token to the last, on the clock of {@code nanoTime}. */
  private record Span(long firstNanos, long lastNanos) {
    private long middle() {
      return firstNanos + (lastNanos - firstNanos) / 2;
    }

    private boolean contains(long nanos) {
      return firstNanos - nanos <= 0 && lastNanos - nanos >= 0;
    }
  }

  private SlotCount() {}

  /**
   * Sends {@link #TRIED} short generations simultaneously and counts how many overlap.
   *
   * @return 1 to {@link #TRIED}
   * @throws ThrongException as {@link Backend#generate}
   */
  public static int of(Backend backend, Deadline deadline) {
    List<Future<Span>> spans = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("slots-", 0).factory())) {
      for (int i = 0; i < TRIED; i++) {
        spans.add(threads.submit(() -> span(backend, deadline)));
      }
    }
    return mostAtOnce(spans.stream().map(span -> Futures.join(span, "counting slots")).toList());
  }

  private static Span span(Backend backend, Deadline deadline) {
    List<Long> tokenNanos = new ArrayList<>();
    backend.generate(
        new Backend.Call(Backend.PROBE, "", TOKENS),
        piece -> tokenNanos.add(System.nanoTime()),
        deadline);
    long nanos = System.nanoTime();
    return tokenNanos.isEmpty()
        ? new Span(nanos, nanos)
        : new Span(tokenNanos.getFirst(), tokenNanos.getLast());
  }

  /**
   * Returns how many of the spans contain the middle of one of them. Late delivery makes the ends
   * of spans overlap, but rarely their middles.
   */
  private static int mostAtOnce(List<Span> spans) {
    return spans.stream()
        .mapToInt(one -> (int) spans.stream().filter(span -> span.contains(one.middle())).count())
        .max()
        .orElse(1);
  }
}
