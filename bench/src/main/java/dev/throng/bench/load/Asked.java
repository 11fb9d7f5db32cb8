package dev.throng.bench.load;

import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

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
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final Event NONE = new Event("", "", "", 0);

  /**
   * Asks, and reads the answer to its end.
   *
   * @param body of the request; the answer may be a stream
   * @param dueNanos when a user wanted to ask, by {@link System#nanoTime}
   */
  static Asked ask(QueryConnection connection, String body, long dueNanos) {
    AtomicReference<Event> last = new AtomicReference<>(NONE);
    try {
      Response response = connection.post("/query", body, last::set);
      Event event = last.get();
      String answer = response.body().isEmpty() ? event.data() : response.body();
      Outcome outcome = outcome(response.status(), event.name(), answer);
      return new Asked(
          outcome,
          System.nanoTime() - dueNanos,
          outcome.isAnswer() ? "" : response.status() + " " + answer);
    } catch (IOException e) {
      connection.close();
      return new Asked(Outcome.FAILED, System.nanoTime() - dueNanos, e.toString());
    }
  }

  private static Outcome outcome(int status, String lastEvent, String answer) {
    if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
      return Outcome.REFUSED;
    }
    if (lastEvent.equals("error")) {
      return answer.contains("\"status\":" + UNAVAILABLE) ? Outcome.REFUSED : Outcome.FAILED;
    }
    if (status != OK || !(lastEvent.isEmpty() || lastEvent.equals("done"))) {
      return Outcome.FAILED;
    }
    if (answer.contains("\"degraded\":true")) {
      return Outcome.DEGRADED;
    }
    return answer.contains("\"cached\":true") ? Outcome.CACHED : Outcome.GENERATED;
  }
}
