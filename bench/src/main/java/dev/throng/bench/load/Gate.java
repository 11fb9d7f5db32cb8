package dev.throng.bench.load;

import java.util.Locale;

/**
 * A figure that has to hold.
 *
 * @param bar the value that it may reach, but not pass
 * @param isAtMost whether the bar is an upper one
 */
record Gate(String name, String unit, double value, double bar, boolean isAtMost) {
  static Gate max(String name, String unit, double value, double bar) {
    return new Gate(name, unit, value, bar, true);
  }

  static Gate min(String name, String unit, double value, double bar) {
    return new Gate(name, unit, value, bar, false);
  }

  boolean holds() {
    return isAtMost ? value <= bar : value >= bar;
  }

  /** Says the figure and its bar. */
  String summary() {
    return String.format(
        Locale.ROOT, "%.2f %s  bar %s %.2f", value, unit, isAtMost ? "<=" : ">=", bar);
  }
}
