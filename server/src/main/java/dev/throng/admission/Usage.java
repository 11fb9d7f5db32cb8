package dev.throng.admission;

/** The average number of permits held over a recent period (an EWMA over time). */
final class Usage {
  private int held;
  private double mean;
  private long asOfNanos;

  int held() {
    return held;
  }

  void add(int permits, long nowNanos, long whileNanos) {
    advance(nowNanos, whileNanos);
    held += permits;
  }

  double mean(long nowNanos, long whileNanos) {
    advance(nowNanos, whileNanos);
    return mean;
  }

  private void advance(long nowNanos, long whileNanos) {
    long passedNanos = Math.max(0, nowNanos - asOfNanos); // a clock may start below zero
    double kept = Math.exp(-(double) passedNanos / whileNanos);
    mean = held + (mean - held) * kept;
    asOfNanos = nowNanos;
  }
}
