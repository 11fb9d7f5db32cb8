package dev.throng.bench.load;

import dev.throng.bench.rig.KeptConnections;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Users who wait for their answer, think, and ask again, each on its own connection. */
final class ClosedLoop {
  /** Times the mean, so that a user comes back within the test. */
  static final double MOST_THINK = 3;

  private final LoadScript script;
  private final URI server;
  private final QuestionSource questions;
  private final LoadRecorder recorder;
  private final long endNanos;

  ClosedLoop(LoadScript script, URI server, QuestionSource questions, LoadRecorder recorder) {
    this.script = script;
    this.server = server;
    this.questions = questions;
    this.recorder = recorder;
    this.endNanos = System.nanoTime() + (long) (script.seconds() * 1e9);
  }

  /** Lets all users arrive, and waits until the last one has its answer. */
  void run() throws InterruptedException {
    List<Thread> users = new ArrayList<>();
    long dueNanos = System.nanoTime();
    for (LoadScript.Phase phase : script.phases()) {
      for (int i = 0; i < phase.users(); i++) {
        TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
        users.add(Thread.ofVirtual().name("user-" + users.size()).start(this::use));
        dueNanos += (long) (phase.seconds() * 1e9 / phase.users());
      }
      if (phase.users() == 0) {
        dueNanos += (long) (phase.seconds() * 1e9);
      }
    }
    for (Thread user : users) {
      user.join();
    }
  }

  private void use() {
    try (KeptConnections connection = new KeptConnections(server)) {
      while (System.nanoTime() - endNanos < 0) {
        recorder.add(Asked.ask(connection::ask, body(), System.nanoTime()));
        TimeUnit.NANOSECONDS.sleep(Math.min(thinkNanos(), endNanos - System.nanoTime()));
      }
      recorder.addResumed(connection.resumptions());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String body() {
    return questions.next(ThreadLocalRandom.current().nextDouble() < script.streamed());
  }

  private long thinkNanos() {
    double times = Math.min(MOST_THINK, ThreadLocalRandom.current().nextExponential());
    return (long) (times * script.thinkSeconds() * 1e9);
  }
}
