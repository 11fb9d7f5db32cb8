package dev.throng.http;

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

  /**
   * Says from where to learn what is out of use. Once, before the first use.
   *
   * @param components names of parts without which the service goes on
   */
  public void watch(Supplier<List<String>> components) {
    degraded = components;
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
