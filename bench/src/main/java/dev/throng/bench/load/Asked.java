package dev.throng.bench.load;

import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A question, and what its user got.
 *
 * @param nanos from when it was due to the end of the answer
 * @param problem what went wrong; "" if nothing did
 */
record Asked(Outcome outcome, long nanos, String problem) {
  /** How a question can end. */
  enum Outcome {
    CACHED,
    /** For this user, or for another one who asked the same. */
    GENERATED,
    /** Quoted or outdated, and said to be. */
    DEGRADED,
    /** With status 429 or 503. */
    REFUSED,
    FAILED;

    boolean isAnswer() {
      return this != REFUSED && this != FAILED;
    }
  }

  private static final int OK = 200;

  /** Sends the body of a request. */
  interface Connection {
    Response ask(String body, Consumer<Event> onEvent) throws IOException;
  }

  /**
   * Asks, and reads the answer to its end.
   *
   * @param body of the request; the answer may be a stream
   * @param dueNanos when a user wanted to ask, by {@link System#nanoTime}
   */
  static Asked ask(Connection connection, String body, long dueNanos) {
    AtomicReference<Event> last = new AtomicReference<>(Event.NONE);
    try {
      Response response = connection.ask(body, last::set);
      Event event = last.get();
      String answer = response.body().isEmpty() ? event.data() : response.body();
      Outcome outcome = outcome(response, event, answer);
      return new Asked(
          outcome,
          System.nanoTime() - dueNanos,
          outcome.isAnswer() ? "" : response.status() + " " + answer);
    } catch (IOException e) {
      return new Asked(Outcome.FAILED, System.nanoTime() - dueNanos, e.toString());
    }
  }

  private static Outcome outcome(Response response, Event last, String answer) {
    if (response.isRefusal(last)) {
      return Outcome.REFUSED;
    }
    boolean isWhole = last.name().isEmpty() || last.name().equals("done");
    if (response.status() != OK || !isWhole) {
      return Outcome.FAILED;
    }
    if (answer.contains("\"degraded\":true")) {
      return Outcome.DEGRADED;
    }
    return answer.contains("\"cached\":true") ? Outcome.CACHED : Outcome.GENERATED;
  }
}
