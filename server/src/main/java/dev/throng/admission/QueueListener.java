package dev.throng.admission;

/** Is told where a request stands, on the thread that waits. */
@FunctionalInterface
public interface QueueListener {
  QueueListener NONE = place -> {};

  /** At once when the wait begins, then when the position has changed, at most once a second. */
  void waits(Place place);
}
