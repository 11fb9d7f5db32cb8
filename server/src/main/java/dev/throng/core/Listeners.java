package dev.throng.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The listeners of an object's events: any number, which may be added at any time. Each receives
 * the events that follow.
 *
 * @param <L> the type of a listener
 */
public final class Listeners<L> {
  private final List<L> listeners = new CopyOnWriteArrayList<>();

  public void add(L listener) {
    listeners.add(listener);
  }

  /** Calls every listener, in the order in which they were added. */
  public void tell(Consumer<L> call) {
    listeners.forEach(call);
  }
}
