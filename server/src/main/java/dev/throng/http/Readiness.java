package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Whether this server wants requests, and why not. */
public final class Readiness {
  /** Where a server is in its life. */
  public enum State {
    /** Nothing can be answered. */
    STARTING,
    /** Answers from the documents of the last time, while newer ones are read. */
    INGESTING,
    READY,
    STOPPING
  }

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

  private volatile Supplier<List<String>> degraded = List::of;
  private volatile String disagreement = "";

  /**
   * Says from where to learn what is out of use. Once, before the first use.
   *
   * @param components names of parts without which the service goes on
   */
  public void watch(Supplier<List<String>> components) {
    degraded = components;
  }

  /**
   * Other replicas work with something else, so this one must not answer.
   *
   * @param what differs; "" when nothing does
   */
  public void disagrees(String what) {
    disagreement = what;
  }

  /** What other replicas work with otherwise; "" when nothing. */
  String disagreement() {
    return disagreement;
  }

  /** Whether load balancers should send requests here. */
  boolean isReady() {
    return state.get() == State.READY && disagreement.isEmpty();
  }

  /** Parts that are out of use for now, though the service goes on. */
  List<String> degradedComponents() {
    return degraded.get();
  }

  public State state() {
    return state.get();
  }

  /**
   * Checks that there is something to answer from. A server that reads its first documents would
   * say "I don't know" to everything.
   *
   * @throws ThrongException STARTING, REPLICA_DISAGREES
   */
  void checkAnswering() {
    if (!disagreement.isEmpty()) {
      throw new ThrongException(ErrorCode.REPLICA_DISAGREES, disagreement);
    }
    if (state.get() == State.STARTING) {
      throw ThrongException.starting("no document is searchable yet", RETRY_AFTER);
    }
  }

  /** Moves on; a server that is stopping stays so. */
  public void set(State next) {
    state.updateAndGet(current -> current == State.STOPPING ? current : next);
  }
}
