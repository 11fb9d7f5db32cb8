package dev.throng.sim;

import dev.throng.core.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A backend in virtual time. Its text is a function of the question. It counts its running calls,
 * as a proxy in front of it would.
 */
final class SimBackend {
  /** What is wrong with the backend. */
  enum Fault {
    NONE,
    /** Refuses connections; its running calls are cut. */
    DOWN,
    /** Accepts calls and sends nothing more. */
    HUNG,
    /** Ends the next answers with an error in the middle. */
    BROKEN,
    /** Ten times as slow. */
    SLOW
  }

  private static final double SLOWDOWN = 10;

  private final int index;
  private final int slots;
  private final double tokenMillis;
  private final List<SimCall> running = new ArrayList<>();
  private Fault fault = Fault.NONE;

  SimBackend(int index, int slots, double tokenMillis) {
    this.index = index;
    this.slots = slots;
    this.tokenMillis = tokenMillis;
  }

  int index() {
    return index;
  }

  int slots() {
    return slots;
  }

  Fault fault() {
    return fault;
  }

  void fault(Fault next) {
    fault = next;
    if (next == Fault.DOWN) {
      List.copyOf(running).forEach(call -> call.fail(ErrorCode.BACKEND_PROTOCOL));
    }
    if (next == Fault.NONE) {
      List.copyOf(running).forEach(SimCall::wake);
    }
  }

  void enter(SimCall call) {
    running.add(call);
    PoolSimulation.check(running.size() <= slots, "more calls than slots", this);
  }

  void leave(SimCall call) {
    running.remove(call);
  }

  /** Nanoseconds to the next token. */
  long tokenNanos(RandomGenerator random) {
    double factor = (fault == Fault.SLOW ? SLOWDOWN : 1) * (0.5 + random.nextDouble());
    return (long) (tokenMillis * factor * 1e6);
  }

  @Override
  public String toString() {
    return "backend %d (%s, %d running in %d slots)".formatted(index, fault, running.size(), slots);
  }
}
