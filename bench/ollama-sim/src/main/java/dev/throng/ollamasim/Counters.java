package dev.throng.ollamasim;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The counters from which {@link SimStats} are made. */
final class Counters {
  final AtomicLong requests = new AtomicLong();
  final AtomicLong tokens = new AtomicLong();
  final AtomicLong embeds = new AtomicLong();
  final AtomicLong loads = new AtomicLong();
  final AtomicLong continuations = new AtomicLong();
  final AtomicLong seamMismatches = new AtomicLong();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private final AtomicInteger maxRunning = new AtomicInteger();
  private final Map<FaultKind, Long> faults = new ConcurrentHashMap<>();

  void recordInFlight(int count) {
    maxInFlight.accumulateAndGet(count, Math::max);
  }

  void recordRunning(int count) {
    maxRunning.accumulateAndGet(count, Math::max);
  }

  void recordFault(FaultKind kind) {
    faults.merge(kind, 1L, Long::sum);
  }

  SimStats snapshot(int inFlight, int running) {
    return new SimStats(
        requests.get(),
        inFlight,
        maxInFlight.get(),
        running,
        maxRunning.get(),
        tokens.get(),
        embeds.get(),
        loads.get(),
        continuations.get(),
        seamMismatches.get(),
        faults);
  }

  /** Resets the counters. The maxima start again from the current values. */
  void reset(int inFlight, int running) {
    for (AtomicLong count :
        new AtomicLong[] {requests, tokens, embeds, loads, continuations, seamMismatches}) {
      count.set(0);
    }
    maxInFlight.set(inFlight);
    maxRunning.set(running);
    faults.clear();
  }
}
