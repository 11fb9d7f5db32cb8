package dev.throng.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that replicas share. Every setting is explained in defaults.yaml.
 *
 * @param urls of the server, of the sentinels, or of the cluster nodes; empty for no Redis
 * @param sentinelMaster the sentinels' name for the master; "" without sentinels
 * @param timeout timeout of a cache lookup
 * @param caFile certificates in PEM that the server's certificate is checked against; null for the
 *     JDK's trust store
 */
public record RedisConfig(
    List<String> urls,
    boolean isCluster,
    String sentinelMaster,
    String user,
    Secret password,
    @Nullable Path caFile,
    String prefix,
    Duration timeout,
    Duration ttl) {

  static RedisConfig read(Section section) {
    return new RedisConfig(
        section.redisUrls("urls"),
        section.flag("cluster"),
        section.text("sentinel_master"),
        section.text("user"),
        section.secret("password"),
        section.file("ca_file"),
        section.text("prefix"),
        section.duration("timeout", Duration.ofMillis(1), Duration.ofSeconds(10)),
        section.duration("ttl", Duration.ofSeconds(1), Duration.ofHours(10_000)));
  }

  public boolean isUsed() {
    return !urls.isEmpty();
  }
}
