package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One counter for each constant of an enum. All are there from the start, because a rate does not
 * see the event that begins a series.
 */
final class EnumCounters<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  /**
   * Creates the counters.
   *
   * @param label whose value is the constant in lower case
   */
  EnumCounters(MeterRegistry registry, Metric metric, String label, Class<E> type) {
    this.counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(
          constant, metric.counter(registry, label, constant.name().toLowerCase(Locale.ROOT)));
    }
  }

  void increment(E constant) {
    Objects.requireNonNull(counters.get(constant)).increment(); // each constant has a counter
  }
}
