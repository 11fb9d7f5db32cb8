package dev.throng.config;

import java.time.Duration;
import java.util.List;

/**
 * Where the HTTP server listens and what it accepts. Every setting is explained in defaults.yaml.
 */
public record ServerConfig(
    String host,
    int port,
    boolean insecure,
    Requests requests,
    Connections connections,
    Duration drainTimeout,
    Duration heartbeatInterval,
    String trustedTenantHeader,
    List<String> allowedHosts,
    int managementPort) {
  private static final String HOST = "[*]|([*][.])?[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]";

  /** Limits of a question. */
  public record Requests(long maxBytes, int maxQueryChars, int maxTopK, int maxBatch) {}

  /** How many connections there may be, and how long each may take for what it does. */
  public record Connections(
      int max,
      Duration headTimeout,
      Duration bodyTimeout,
      Duration writeTimeout,
      Duration idleTimeout) {}

  static ServerConfig read(Section section) {
    return new ServerConfig(
        section.text("host"),
        section.integer("port", 0, 65_535),
        section.flag("insecure"),
        new Requests(
            section.bytes("max_request_bytes", 1 << 10, 1 << 26),
            section.integer("max_query_chars", 1, 1_000_000),
            section.integer("max_top_k", 1, 1_000),
            section.integer("max_batch", 1, 10_000)),
        new Connections(
            section.integer("max_connections", 1, 1_000_000),
            section.duration("head_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
            section.duration("body_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
            section.duration("write_timeout", Duration.ofMillis(100), Duration.ofHours(1)),
            section.duration("idle_timeout", Duration.ofMillis(100), Duration.ofHours(24))),
        section.duration("drain_timeout", Duration.ZERO, Duration.ofHours(1)),
        section.duration("heartbeat_interval", Duration.ofMillis(100), Duration.ofHours(1)),
        section.text("trusted_tenant_header"),
        section.texts(
            "allowed_hosts",
            HOST,
            "a host name without a port, like docs.example.org or *.example.org"),
        section.integer("management_port", 0, 65_535));
  }
}
