package dev.throng.observe;

import dev.throng.config.ObserveConfig;
import dev.throng.core.TokenCount;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** The tokens that answers took, or that other answers did not take again, and their cost. */
final class ModelMetrics {
  private static final double MILLION = 1e6;

  private final Counter prompt;
  private final Counter generated;

  private ModelMetrics(MeterRegistry registry, ObserveConfig config, Metric tokens, Metric cost) {
    this.prompt = tokens.counter(registry, "kind", "prompt");
    this.generated = tokens.counter(registry, "kind", "generated");
    FunctionCounter.builder(cost.key(), this, same -> same.cost(config))
        .description(cost.meaning())
        .register(registry);
  }

  /** Returns the tokens that calls to backends took. */
  static ModelMetrics used(MeterRegistry registry, ObserveConfig config) {
    return new ModelMetrics(registry, config, Metric.TOKENS, Metric.COST);
  }

  /** Returns the tokens of answers that were given again. */
  static ModelMetrics saved(MeterRegistry registry, ObserveConfig config) {
    return new ModelMetrics(registry, config, Metric.TOKENS_SAVED, Metric.COST_SAVED);
  }

  void add(TokenCount tokens) {
    if (tokens.prompt() > 0) {
      prompt.increment(tokens.prompt());
    }
    if (tokens.generated() > 0) {
      generated.increment(tokens.generated());
    }
  }

  private double cost(ObserveConfig config) {
    return (prompt.count() * config.promptPrice() + generated.count() * config.generatedPrice())
        / MILLION;
  }
}
