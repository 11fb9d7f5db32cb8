package dev.throng.cache;

import dev.throng.core.Deadline;
import java.util.Optional;

/** A generation without other replicas. */
final class LocalFlight implements SharedFlight {
  private final StringBuilder text = new StringBuilder();

  @Override
  public boolean lead(FlightHead head, Listener listener) {
    listener.named(head.answerId());
    return true;
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public void publish(String piece, Listener listener) {
    text.append(piece);
    listener.text(piece);
  }

  @Override
  public void finish(FlightEnd end) {}

  @Override
  public Optional<FlightEnd> follow(Listener listener, Deadline deadline) {
    throw new IllegalStateException("a local flight has no other replica to follow");
  }

  @Override
  public void close() {}
}
