package dev.throng.bench.load;

import dev.throng.bench.load.Asked.Outcome;
import dev.throng.bench.rig.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the users of a load test got, second by second. Filled by many threads. */
final class LoadRecorder {
  private static final int SHOWN = 10;

  /** The questions that ended in one second. */
  private static final class Second {
    private final Map<Outcome, LongAdder> counts = new ConcurrentHashMap<>();
    private final Latencies answered = new Latencies();
  }

  /**
   * A second of the test.
   *
   * @param at seconds since the start
   * @param answers that arrived in it, of all kinds
   * @param errors questions that were refused or failed
   * @param p50 of the answers, in milliseconds
   */
  record Figures(
      int at, long answers, long cached, long errors, double p50, double p95, double p99) {}

  /**
   * All seconds together; times in milliseconds.
   *
   * @param resumed how often a stream was cut and resumed
   */
  record Totals(Map<Outcome, Long> counts, long resumed, double p50, double p95, double p99) {
    Totals {
      counts = Map.copyOf(counts);
    }

    long count(Outcome outcome) {
      return counts.getOrDefault(outcome, 0L);
    }

    long all() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    long answers() {
      return all() - count(Outcome.REFUSED) - count(Outcome.FAILED);
    }

    /** Returns the share of all questions that were refused or failed. */
    double errors() {
      return all() == 0 ? 1 : 1 - (double) answers() / all();
    }

    /** Returns the share of the answers that came from the cache. */
    double cached() {
      return answers() == 0 ? 0 : (double) count(Outcome.CACHED) / answers();
    }
  }

  private final long startNanos = System.nanoTime();
  private final ConcurrentSkipListMap<Integer, Second> seconds = new ConcurrentSkipListMap<>();
  private final LongAdder resumed = new LongAdder();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();

  void add(Asked asked) {
    int at = (int) ((System.nanoTime() - startNanos) / 1_000_000_000);
    Second second = seconds.computeIfAbsent(at, _ -> new Second());
    second.counts.computeIfAbsent(asked.outcome(), _ -> new LongAdder()).increment();
    if (asked.outcome().isAnswer()) {
      second.answered.add(asked.nanos());
    } else if (problems.size() < SHOWN) {
      problems.add(asked.problem());
    }
  }

  /** Counts how often streams were cut and resumed. */
  void addResumed(long times) {
    resumed.add(times);
  }

  /** Returns some of what went wrong. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  List<Figures> figures() {
    List<Figures> figures = new ArrayList<>();
    seconds.forEach((at, second) -> {
      long answers = second.answered.count();
      long all = second.counts.values().stream().mapToLong(LongAdder::sum).sum();
      LongAdder cached = second.counts.getOrDefault(Outcome.CACHED, new LongAdder());
      figures.add(
          new Figures(
              at,
              answers,
              cached.sum(),
              all - answers,
              second.answered.millisAt(0.5),
              second.answered.millisAt(0.95),
              second.answered.millisAt(0.99)));
    });
    return figures;
  }

  Totals totals() {
    Latencies answered = new Latencies();
    Map<Outcome, Long> counts = new ConcurrentHashMap<>();
    for (Second second : seconds.values()) {
      second.counts.forEach((outcome, count) -> counts.merge(outcome, count.sum(), Long::sum));
      answered.addAll(second.answered);
    }
    return new Totals(
        counts,
        resumed.sum(),
        answered.millisAt(0.5),
        answered.millisAt(0.95),
        answered.millisAt(0.99));
  }
}
