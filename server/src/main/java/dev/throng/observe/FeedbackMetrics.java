package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what users say about answers. */
public final class FeedbackMetrics {
  private final Counter up;
  private final Counter down;

  public FeedbackMetrics(MeterRegistry registry) {
    this.up = Metric.FEEDBACK.counter(registry, "rating", "up");
    this.down = Metric.FEEDBACK.counter(registry, "rating", "down");
  }

  public void rated(boolean isUp) {
    (isUp ? up : down).increment();
  }
}
