package dev.throng.admission;

import dev.throng.core.Priority;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One tenant's part of a queue: what waits in it in order of arrival, and how much it has received.
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

  /** Permits received in units of its weight, on the clock that all tenants share. */
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

  /** Returns the number of announced requests that have not arrived yet. */
  int expected() {
    return expected;
  }

  void expect(int more) {
    expected += more;
  }

  /** Returns the use of permits by the tenant. */
  Usage usage() {
    return usage;
  }

  double pass() {
    return pass;
  }

  /**
   * Called when the tenant returns after a pause. What it did not use in the meantime is not saved
   * up.
   */
  void resume(double sharedClock) {
    pass = Math.max(pass, sharedClock);
  }

  /** Charges a permit to the tenant. */
  void took(double cost) {
    pass += cost;
  }

  void touch(long nowNanos) {
    lastActiveNanos = nowNanos;
  }

  /** Returns whether its weight counts among those that share the slots. */
  boolean isActive() {
    return isActive;
  }

  void activate(boolean active) {
    isActive = active;
  }

  /** Returns whether it has no requests here. */
  boolean isIdle() {
    return usage.held() == 0 && waiting() == 0 && expected == 0;
  }

  long idleNanos(long nowNanos) {
    return nowNanos - lastActiveNanos;
  }
}
