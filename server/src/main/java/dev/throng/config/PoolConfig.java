package dev.throng.config;

import java.time.Duration;
import java.util.List;

/**
 * The backends and how they are used together. Every setting is explained in defaults.yaml.
 *
 * @param backends the backends listed in this section; {@link ThrongConfig#backends} has all of
 *     them
 */
public record PoolConfig(
    List<BackendConfig> backends,
    Duration dnsRefresh,
    boolean holdBack,
    RoutingPolicy policy,
    Breaker breaker,
    Duration recoveryWait,
    Duration slowStart,
    double slowFactor,
    double hedgeShare,
    double hedgeMaxBusy) {

  /** When a backend is left alone, and for how long. */
  public record Breaker(
      int failures,
      Duration minCooldown,
      Duration maxCooldown,
      Duration maxRetryAfter,
      Duration slowCooldown) {}

  static PoolConfig read(Section section) {
    return new PoolConfig(
        section.entries("backends", "backend_defaults").stream().map(BackendConfig::read).toList(),
        section.duration("dns_refresh", Duration.ofMillis(100), Duration.ofHours(24)),
        section.flag("hold_back"),
        section.choice("policy", RoutingPolicy.class),
        new Breaker(
            section.integer("breaker_failures", 1, 1_000),
            section.duration("min_cooldown", Duration.ofMillis(1), Duration.ofHours(1)),
            section.duration("max_cooldown", Duration.ofMillis(1), Duration.ofHours(1)),
            section.duration("max_retry_after", Duration.ZERO, Duration.ofHours(24)),
            section.duration("slow_cooldown", Duration.ofMillis(1), Duration.ofHours(1))),
        section.duration("recovery_wait", Duration.ZERO, Duration.ofHours(1)),
        section.duration("slow_start", Duration.ZERO, Duration.ofHours(1)),
        section.number("slow_factor", 1, 1_000),
        section.number("hedge_share", 0, 1),
        section.number("hedge_max_busy", 0, 1));
  }

  PoolConfig with(List<BackendConfig> otherBackends) {
    return new PoolConfig(
        otherBackends,
        dnsRefresh,
        holdBack,
        policy,
        breaker,
        recoveryWait,
        slowStart,
        slowFactor,
        hedgeShare,
        hedgeMaxBusy);
  }
}
