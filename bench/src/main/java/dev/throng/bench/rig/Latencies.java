package dev.throng.bench.rig;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Durations of one kind. Filled by many threads, read when they are done. */
public final class Latencies {
  private static final double MILLI = 1e6;

  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  public void add(long tookNanos) {
    nanos.add(tookNanos);
  }

  public void addAll(Latencies others) {
    nanos.addAll(others.nanos);
  }

  /** Joins these and others. */
  public Latencies and(Latencies others) {
    Latencies all = new Latencies();
    all.addAll(this);
    all.addAll(others);
    return all;
  }

  public int count() {
    return nanos.size();
  }

  /** Returns the time below which this share of all is; 0 when there are none. */
  public double millisAt(double share) {
    List<Long> sorted = nanos.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return 0;
    }
    int at = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / MILLI;
  }

  public double p50() {
    return millisAt(0.5);
  }

  public double p99() {
    return millisAt(0.99);
  }
}
