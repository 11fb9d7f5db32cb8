package dev.throng.http;

import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Reads an answer for a client, and watches whether that client is still there. When it has gone,
 * closing the answer stops a generation that no other client waits for.
 */
final class AnswerReader {
  /** How soon a disconnect of the client is noticed while nothing else happens. */
  private static final Duration CLIENT_CHECK_INTERVAL = Duration.ofMillis(100);

  private final Exchange exchange;
  private final AnswerStream answer;
  private final long watchAtNanos;
  private BooleanSupplier isClientGone = () -> false;
  private boolean isWatched;

  private AnswerReader(Exchange exchange, AnswerStream answer, Duration watchAfter) {
    this.exchange = exchange;
    this.answer = answer;
    this.watchAtNanos = System.nanoTime() + watchAfter.toNanos();
  }

  /** For an answer that is sent as a whole. Most of those that need no generation need no watch. */
  static AnswerReader ofWhole(Exchange exchange, AnswerStream answer) {
    return new AnswerReader(exchange, answer, CLIENT_CHECK_INTERVAL);
  }

  /** For an answer that is sent event by event: a watch must start before the first one is sent. */
  static AnswerReader ofEvents(Exchange exchange, AnswerStream answer) {
    return new AnswerReader(exchange, answer, Duration.ZERO);
  }

  /**
   * Waits for the next event, until the client must be checked again at the latest.
   *
   * @throws UncheckedIOException when the client has disconnected
   */
  Event next() {
    return next(CLIENT_CHECK_INTERVAL);
  }

  /** Returns the next event if there is one now. */
  Event poll() {
    return next(Duration.ZERO);
  }

  private Event next(Duration patience) {
    Event event = answer.next(patience);
    if (!isWatched && answer.hit() == null && System.nanoTime() - watchAtNanos >= 0) {
      isClientGone = exchange.watchClient();
      isWatched = true;
    }
    if (isClientGone.getAsBoolean()) {
      throw new UncheckedIOException(new EOFException("the client has closed its connection"));
    }
    return event;
  }
}
