package dev.throng.flight;

import dev.throng.core.Deadline;
import dev.throng.flight.LocalGeneration.News;
import java.util.Optional;

/** A part in a generation that only this process works on. */
final class LocalFlight implements SharedFlight {
  private final LocalGeneration generation;
  private final Runnable onChange;
  private final StringBuilder text = new StringBuilder();
  private int received;
  private boolean isNamed;
  private boolean isLeading;

  /**
   * Creates a flight.
   *
   * @param onChange called after the generation has got its head, and when this flight has led it
   */
  LocalFlight(LocalGeneration generation, Runnable onChange) {
    this.generation = generation;
    this.onChange = onChange;
  }

  @Override
  public boolean lead(FlightHead head, Listener listener) {
    isLeading = generation.lead(head);
    if (isLeading) {
      onChange.run();
      deliver(generation.after(received), listener);
    }
    return isLeading;
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public void append(String piece, Listener listener) {
    generation.append(piece);
    take(piece, listener);
  }

  @Override
  public void finish(FlightEnd end) {
    generation.finish(end);
  }

  @Override
  public Optional<FlightEnd> follow(Listener listener, Deadline deadline)
      throws InterruptedException {
    News news = generation.after(received);
    while (news.end() == null && news.isLed()) {
      deliver(news, listener);
      deadline.check("the flight that generates the answer was done");
      news = generation.await(received, deadline.remainingNanos());
    }
    deliver(news, listener);
    return Optional.ofNullable(news.end());
  }

  private void deliver(News news, Listener listener) {
    if (!isNamed) {
      isNamed = true;
      listener.named(news.answerId());
    }
    news.pieces().forEach(piece -> take(piece, listener));
  }

  private void take(String piece, Listener listener) {
    received++;
    text.append(piece);
    listener.append(piece);
  }

  @Override
  public void close() {
    if (isLeading) {
      isLeading = false;
      generation.release();
      onChange.run();
    }
  }
}
