package dev.throng.http;

import java.util.concurrent.atomic.AtomicReference;

/** Whether this server wants requests, and why not. */
public final class Readiness {
  /** Where a server is in its life. */
  public enum State {
    STARTING,
    INGESTING,
    READY,
    STOPPING
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);

  public State state() {
    return state.get();
  }

  public boolean isReady() {
    return state.get() == State.READY;
  }

  /** Moves on; a server that is stopping stays so. */
  public void set(State next) {
    state.updateAndGet(current -> current == State.STOPPING ? current : next);
  }
}
