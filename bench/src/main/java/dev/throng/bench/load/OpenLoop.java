package dev.throng.bench.load;

import dev.throng.bench.rig.Arrivals;
import dev.throng.bench.rig.KeptConnections;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Questions that arrive at a rate, whatever happened to earlier ones. */
final class OpenLoop {
  private static final Duration LAST_ANSWER = Duration.ofMinutes(2);

  private final LoadScript script;
  private final double perSecond;
  private final ZipfQuestions questions;
  private final LoadRecorder recorder;
  private final KeptConnections connections;

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
    this.connections = new KeptConnections(server);
    this.questions = questions;
    this.recorder = recorder;
  }

  /** Sends all questions, and waits for the last answers. */
  void run() throws InterruptedException {
    Arrivals arrivals =
        new Arrivals(
            "open", () -> ThreadLocalRandom.current().nextExponential() / perSecond, this::ask);
    arrivals.endAfter(Duration.ofMillis((long) (script.seconds() * 1000)));
    arrivals.awaitAnswers(LAST_ANSWER);
    recorder.addResumed(connections.resumptions());
    connections.close();
  }

  private void ask(long dueNanos) {
    boolean isStreamed = ThreadLocalRandom.current().nextDouble() < script.streamed();
    recorder.add(Asked.ask(connections::ask, questions.next(isStreamed), dueNanos));
  }
}
