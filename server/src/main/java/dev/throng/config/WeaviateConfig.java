package dev.throng.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Weaviate cluster that replicas share. Every setting is explained in defaults.yaml.
 *
 * @param caFile certificates in PEM that the certificates of https nodes are checked against; null
 *     for the JDK's trust store
 * @param timeout timeout of a search at one node, after which another node is tried
 * @param writeTimeout timeout of a write, including all its attempts
 * @param maxCalls maximum number of simultaneous searches at one node
 */
public record WeaviateConfig(
    List<URI> urls,
    Secret apiKey,
    @Nullable Path caFile,
    String prefix,
    int replicationFactor,
    Consistency readConsistency,
    Consistency writeConsistency,
    Duration timeout,
    Duration writeTimeout,
    int batchObjects,
    int maxCalls) {

  static WeaviateConfig read(Section section) {
    return new WeaviateConfig(
        section.httpUrls("urls"),
        section.secret("api_key"),
        section.file("ca_file"),
        section.matching(
            "prefix",
            "[A-Z][a-z0-9]{0,23}",
            "an upper-case letter and up to 23 lower-case letters and digits"),
        section.integer("replication_factor", 1, 100),
        section.choice("read_consistency", Consistency.class),
        section.choice("write_consistency", Consistency.class),
        section.duration("timeout", Duration.ofMillis(10), Duration.ofMinutes(1)),
        section.duration("write_timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        section.integer("batch_objects", 1, 10_000),
        section.integer("max_calls", 1, 10_000));
  }
}
