package dev.throng.bench.load;

import dev.throng.bench.rig.Arrivals;
import dev.throng.bench.rig.QueryConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Questions that arrive at a rate, whatever happened to earlier ones. */
final class OpenLoop {
  private static final long POLL_MILLIS = 20;
  private static final Duration LAST_ANSWER = Duration.ofMinutes(2);

  private final LoadScript script;
  private final double perSecond;
  private final URI server;
  private final ZipfQuestions questions;
  private final LoadRecorder recorder;
  private final Deque<QueryConnection> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * @param perSecond questions; only the length and the kind of questions are those of the script
   */
  OpenLoop(
      LoadScript script,
      double perSecond,
      URI server,
      ZipfQuestions questions,
      LoadRecorder recorder) {
    this.script = script;
    this.perSecond = perSecond;
    this.server = server;
    this.questions = questions;
    this.recorder = recorder;
  }

  /** Sends all questions, and waits for the last answers. */
  void run() throws InterruptedException {
    Arrivals arrivals =
        new Arrivals(
            "open", () -> ThreadLocalRandom.current().nextExponential() / perSecond, this::ask);
    arrivals.endAfter(Duration.ofMillis((long) (script.seconds() * 1000)));
    long untilNanos = System.nanoTime() + LAST_ANSWER.toNanos();
    while (inFlight.get() > 0 && System.nanoTime() - untilNanos < 0) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    idle.forEach(QueryConnection::close);
  }

  private void ask(long dueNanos) {
    inFlight.incrementAndGet();
    try {
      QueryConnection known = idle.poll();
      QueryConnection connection = known == null ? new QueryConnection(server) : known;
      boolean isStreamed = ThreadLocalRandom.current().nextDouble() < script.streamed();
      recorder.add(Asked.ask(connection, questions.next(isStreamed), dueNanos));
      if (connection.isUsable()) {
        idle.push(connection);
      } else {
        connection.close();
      }
    } catch (IOException e) {
      recorder.add(new Asked(Asked.Outcome.FAILED, System.nanoTime() - dueNanos, "connect: " + e));
    } finally {
      inFlight.decrementAndGet();
    }
  }
}
