package dev.throng.admission;

import dev.throng.core.Priority;
import org.jspecify.annotations.Nullable;

/** One request for a permit, from its arrival to its end. Only its queue changes it. */
public final class Ticket {
  /** The state of a ticket. */
  public enum State {
    WAITING,
    /** The ticket holds a permit. */
    RUNNING,
    /** The ticket will never get a permit. */
    REFUSED,
    /** The ticket stopped waiting, or released its permit. */
    ENDED
  }

  private final TenantLine<Ticket> line;
  private final Priority priority;
  private final long askedNanos;
  private final long arrivedNanos;
  private final long expiresNanos;
  private final Runnable decided;
  private State state = State.WAITING;
  private long startedNanos;
  private @Nullable Refusal refusal;

  Ticket(
      TenantLine<Ticket> line,
      Priority priority,
      long askedNanos,
      long arrivedNanos,
      long expiresNanos,
      Runnable decided) {
    this.askedNanos = askedNanos;
    this.line = line;
    this.priority = priority;
    this.arrivedNanos = arrivedNanos;
    this.expiresNanos = expiresNanos;
    this.decided = decided;
  }

  public State state() {
    return state;
  }

  /** Returns why it was refused, or null when it was not. */
  public @Nullable Refusal refusal() {
    return refusal;
  }

  public String tenant() {
    return line.name();
  }

  public Priority priority() {
    return priority;
  }

  /** Returns when the request started. */
  long askedNanos() {
    return askedNanos;
  }

  long expiresNanos() {
    return expiresNanos;
  }

  long arrivedNanos() {
    return arrivedNanos;
  }

  long startedNanos() {
    return startedNanos;
  }

  boolean hasExpired(long nowNanos) {
    return nowNanos - expiresNanos >= 0;
  }

  TenantLine<Ticket> line() {
    return line;
  }

  void start(long nowNanos) {
    state = State.RUNNING;
    startedNanos = nowNanos;
    decided.run();
  }

  void refuse(Refusal why) {
    state = State.REFUSED;
    refusal = why;
    decided.run();
  }

  void end() {
    state = State.ENDED;
  }
}
