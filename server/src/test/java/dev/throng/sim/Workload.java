package dev.throng.sim;

import java.time.Duration;

/** The users of a simulated pool. */
interface Workload {
  /** How long the workload creates events. */
  Duration horizon();

  /** Schedules the events. */
  void plan();

  /** Reacts to an event, and checks the invariants. */
  void afterEvent();

  /** Whether a request has no outcome yet. */
  boolean isBusy();

  /** Checks the invariants at the end. */
  void checkAtEnd();
}
