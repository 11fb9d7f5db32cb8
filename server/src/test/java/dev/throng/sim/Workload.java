package dev.throng.sim;

import java.time.Duration;

/** Who uses a simulated pool. */
interface Workload {
  /** How long things go on happening. */
  Duration horizon();

  /** Plans what comes when. */
  void plan();

  /** Does what follows from an event, and checks what must always hold. */
  void afterEvent();

  /** Whether a request has no outcome yet. */
  boolean isBusy();

  /** Checks what must hold when all is over. */
  void checkAtEnd();
}
