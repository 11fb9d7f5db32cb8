package dev.throng.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Runs a task again and again on a thread of its own, with a pause between the runs, until it is
 * closed. A task that fails runs again after the pause.
 */
public final class Periodic implements AutoCloseable {
  private static final Logger log = System.getLogger(Periodic.class.getName());

  private final Runnable task;
  private final Duration firstPause;
  private final Duration pause;
  private final Thread thread;

  private Periodic(Thread.Builder thread, Duration firstPause, Duration pause, Runnable task) {
    this.task = task;
    this.firstPause = firstPause;
    this.pause = pause;
    this.thread = thread.unstarted(this::runUntilClosed);
  }

  /** Starts to run a task on a virtual thread, for the first time after a pause. */
  public static Periodic start(String name, Duration pause, Runnable task) {
    return start(Thread.ofVirtual().name(name), pause, task);
  }

  /** Starts to run a task on a thread of that kind, for the first time after a pause. */
  public static Periodic start(Thread.Builder thread, Duration pause, Runnable task) {
    return started(new Periodic(thread, pause, pause, task));
  }

  /** Starts to run a task on a virtual thread, for the first time immediately. */
  public static Periodic startNow(String name, Duration pause, Runnable task) {
    return started(new Periodic(Thread.ofVirtual().name(name), Duration.ZERO, pause, task));
  }

  private static Periodic started(Periodic periodic) {
    periodic.thread.start();
    return periodic;
  }

  /** Ends the pause, or interrupts the task. Does not wait for its end. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void runUntilClosed() {
    try {
      Thread.sleep(firstPause);
      while (true) {
        runOnce();
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void runOnce() {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.log(Level.ERROR, thread.getName() + " failed and runs again in " + pause, e);
    }
  }
}
