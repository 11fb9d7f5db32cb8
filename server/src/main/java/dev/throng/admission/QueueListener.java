package dev.throng.admission;

/** Receives the place of a request, on the thread that waits. */
@FunctionalInterface
public interface QueueListener {
  QueueListener NONE = place -> {};

  /**
   * Called immediately when the wait begins, and then when the position has changed, at most once
   * per second.
   */
  void waits(Place place);
}
