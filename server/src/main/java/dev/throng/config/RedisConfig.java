package dev.throng.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that replicas share. Every setting is explained in defaults.yaml.
 *
 * @param urls empty for none; of sentinels or of cluster nodes where those are used
 * @param sentinelMaster what the sentinels call the master; "" without sentinels
 * @param timeout of a look into the cache
 * @param caFile certificates in PEM that the server's is checked by; null for the usual ones
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
