package dev.throng.config;

import java.time.Duration;

/** How the backends are used together. Every setting is explained in defaults.yaml. */
public record PoolConfig(
    RoutingPolicy policy,
    int breakerFailures,
    Duration minRest,
    Duration maxRest,
    Duration recoveryWait,
    Duration slowStart,
    double slowFactor,
    Duration slowRest,
    double hedgeShare,
    double hedgeMaxBusy) {

  static PoolConfig read(Section section) {
    return new PoolConfig(
        section.choice("policy", RoutingPolicy.class),
        section.integer("breaker_failures", 1, 1_000),
        section.duration("min_rest", Duration.ofMillis(1), Duration.ofHours(1)),
        section.duration("max_rest", Duration.ofMillis(1), Duration.ofHours(1)),
        section.duration("recovery_wait", Duration.ZERO, Duration.ofHours(1)),
        section.duration("slow_start", Duration.ZERO, Duration.ofHours(1)),
        section.number("slow_factor", 1, 1_000),
        section.duration("slow_rest", Duration.ofMillis(1), Duration.ofHours(1)),
        section.number("hedge_share", 0, 1),
        section.number("hedge_max_busy", 0, 1));
  }
}
