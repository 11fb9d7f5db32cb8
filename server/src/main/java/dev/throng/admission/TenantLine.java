package dev.throng.admission;

import dev.throng.core.Priority;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One tenant's part of a queue: who waits, first come first, and how much it was given.
 *
 * @param <T> what waits
 */
final class TenantLine<T> {
  private final String name;
  private final int weight;
  private final Deque<T> interactive = new ArrayDeque<>();
  private final Deque<T> batch = new ArrayDeque<>();
  private final Usage usage = new Usage();
  private int expected;
  private long lastActiveNanos;
  private boolean isActive;

  /** Permits taken in units of its weight, on the clock that all tenants share. */
  private double pass;

  TenantLine(String name, int weight) {
    this.name = name;
    this.weight = weight;
  }

  String name() {
    return name;
  }

  int weight() {
    return weight;
  }

  Deque<T> waiting(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> interactive;
      case BATCH -> batch;
    };
  }

  int waiting() {
    return interactive.size() + batch.size();
  }

  /** Requests on their way here. */
  int expected() {
    return expected;
  }

  void expect(int more) {
    expected += more;
  }

  /** Permits that it holds. */
  Usage usage() {
    return usage;
  }

  double pass() {
    return pass;
  }

  /** It comes back after a pause: what it did not take meanwhile is not saved up. */
  void resume(double sharedClock) {
    pass = Math.max(pass, sharedClock);
  }

  /** Puts what it was given on its account. */
  void took(double cost) {
    pass += cost;
  }

  void touch(long nowNanos) {
    lastActiveNanos = nowNanos;
  }

  /** Whether its weight counts among those that share the slots. */
  boolean isActive() {
    return isActive;
  }

  void activate(boolean active) {
    isActive = active;
  }

  /** Whether it has nothing here. */
  boolean isIdle() {
    return usage.held() == 0 && waiting() == 0 && expected == 0;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - lastActiveNanos;
  }
}
