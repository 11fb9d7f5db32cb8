package dev.throng.http;

import dev.throng.core.ThrongException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

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

  public State state() {
    return state.get();
  }

  /**
   * Checks that there is something to answer from. A server that reads its first documents would
   * say "I don't know" to everything.
   *
   * @throws ThrongException STARTING
   */
  void checkAnswering() {
    if (state.get() == State.STARTING) {
      throw ThrongException.starting("no document is searchable yet", RETRY_AFTER);
    }
  }

  /** Moves on; a server that is stopping stays so. */
  public void set(State next) {
    state.updateAndGet(current -> current == State.STOPPING ? current : next);
  }
}
