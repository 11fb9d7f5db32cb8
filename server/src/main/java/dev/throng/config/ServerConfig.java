package dev.throng.config;

import java.time.Duration;

/**
 * Where the HTTP server listens and what it accepts. Every setting is explained in defaults.yaml.
 */
public record ServerConfig(
    String host,
    int port,
    boolean insecure,
    long maxRequestBytes,
    int maxQueryChars,
    int maxTopK,
    int maxBatch,
    int maxConnections,
    Duration drainTimeout,
    Duration heartbeatInterval,
    String trustedTenantHeader) {

  static ServerConfig read(Section section) {
    return new ServerConfig(
        section.text("host"),
        section.integer("port", 0, 65_535),
        section.flag("insecure"),
        section.bytes("max_request_bytes", 1 << 10, 1 << 26),
        section.integer("max_query_chars", 1, 1_000_000),
        section.integer("max_top_k", 1, 1_000),
        section.integer("max_batch", 1, 10_000),
        section.integer("max_connections", 1, 1_000_000),
        section.duration("drain_timeout", Duration.ZERO, Duration.ofHours(1)),
        section.duration("heartbeat_interval", Duration.ofMillis(100), Duration.ofHours(1)),
        section.text("trusted_tenant_header"));
  }
}
