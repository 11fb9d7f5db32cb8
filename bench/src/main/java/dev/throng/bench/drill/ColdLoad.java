package dev.throng.bench.drill;

import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.NewQuestions;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Event;
import dev.throng.bench.rig.QueryConnection.Response;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;

/** New questions, each as an event stream on its own connection. */
final class ColdLoad {
  static final String GENERATED = "generated";
  static final String REFUSED = "refused";
  private static final String FAILED = "failed";
  private static final String HUNG_UP = "hung up";
  private static final String RUNG = "\"rung\":\"";

  private final NewQuestions questions;
  private final Map<String, Latencies> latencies = new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<Long> generatedNanos = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<QueryConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean hasLeft;

  /**
   * @param questions base questions; each sent question adds its own number
   * @param kind a word that distinguishes the questions from those of other loads
   */
  ColdLoad(List<String> questions, String kind) {
    this.questions = new NewQuestions(questions, kind);
  }

  /** Asks one question, and reads the answer to its end. */
  void ask(URI server, long dueNanos) {
    String body = Questions.body(questions.next(), true);
    AtomicReference<Event> last = new AtomicReference<>(Event.NONE);
    try (QueryConnection connection = new QueryConnection(server)) {
      open.add(connection);
      try {
        Response response = connection.post("/query", body, last::set);
        ended(response, last.get(), dueNanos);
      } finally {
        open.remove(connection);
      }
    } catch (IOException e) {
      if (!hasLeft) {
        failures.add(e.toString());
      }
      count(hasLeft ? HUNG_UP : FAILED, dueNanos);
    }
  }

  /** Disconnects all clients that still wait. */
  void leave() {
    hasLeft = true;
    open.forEach(QueryConnection::close);
  }

  /** Returns the times of all questions with this outcome; empty if there are none. */
  Latencies latencies(String end) {
    return latencies.getOrDefault(end, new Latencies());
  }

  /** Returns all outcomes. */
  Set<String> ends() {
    return latencies.keySet();
  }

  int asked() {
    return questions.asked();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Counts generated answers that were completed between two times. */
  long generatedBetween(long fromNanos, long toNanos) {
    return generatedNanos.stream().filter(at -> at - fromNanos >= 0 && at - toNanos < 0).count();
  }

  private void ended(Response response, Event last, long dueNanos) {
    if (response.isRefusal(last)) {
      count(REFUSED, dueNanos);
    } else if (!last.name().equals("done")) {
      failures.add("%d %s %s".formatted(response.status(), response.body(), last.data()));
      count(FAILED, dueNanos);
    } else if (last.data().contains(RUNG)) {
      int start = last.data().indexOf(RUNG) + RUNG.length();
      count(last.data().substring(start, last.data().indexOf('"', start)), dueNanos);
    } else {
      generatedNanos.add(System.nanoTime());
      count(GENERATED, dueNanos);
    }
  }

  private void count(String end, long dueNanos) {
    latencies.computeIfAbsent(end, e -> new Latencies()).add(System.nanoTime() - dueNanos);
  }
}
