package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Whether this server is ready for requests, and why not. */
public final class Readiness {
  /** The lifecycle state of a server. */
  public enum State {
    /** No question can be answered. */
    STARTING,
    /** Answers from the documents of the last run while newer ones are read. */
    INGESTING,
    READY,
    STOPPING
  }

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

  private final Supplier<List<String>> degraded;
  private volatile String disagreement = "";

  /**
   * Creates the readiness of a server that is starting.
   *
   * @param degraded names of the parts that are out of use while the service continues
   */
  public Readiness(Supplier<List<String>> degraded) {
    this.degraded = degraded;
  }

  /**
   * Sets how this replica's configuration or model differs from the others. While it differs, the
   * replica must not answer.
   *
   * @param what the difference, or "" when there is none
   */
  public void setDisagreement(String what) {
    disagreement = what;
  }

  /** Returns how other replicas differ, or "" when they do not. */
  public String disagreement() {
    return disagreement;
  }

  /** Returns whether load balancers should send requests here. */
  public boolean isReady() {
    return state.get() == State.READY && disagreement.isEmpty();
  }

  /** Returns parts that are temporarily out of use while the service continues. */
  List<String> degradedComponents() {
    return degraded.get();
  }

  public State state() {
    return state.get();
  }

  /**
   * Checks that there are documents to answer from. A server that is reading its first documents
   * would answer "I don't know" to every question.
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

  /** Sets the state. A server that is stopping stays in that state. */
  public void set(State next) {
    state.updateAndGet(current -> current == State.STOPPING ? current : next);
  }
}
