package dev.throng.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The Chroma server that replicas share. Every setting is explained in defaults.yaml.
 *
 * @param caFile certificates in PEM that the server's certificate is checked against; null for the
 *     JDK's trust store
 * @param timeout timeout of a search or a read
 */
public record ChromaConfig(
    URI url,
    Secret token,
    String tokenHeader,
    @Nullable Path caFile,
    String tenantPrefix,
    String database,
    Duration connectTimeout,
    Duration timeout,
    Duration writeTimeout,
    int maxCalls,
    Batches batches,
    Graph graph) {

  /**
   * How much is sent together.
   *
   * @param queries maximum number of searches in one call
   * @param queriesInFlight maximum number of such calls for one request
   * @param writes maximum number of chunks in one call
   */
  public record Batches(int queries, int queriesInFlight, int writes) {}

  /** How a collection's graph is built and searched. */
  public record Graph(int maxNeighbors, int efConstruction, int efSearch) {}

  static ChromaConfig read(Section section) {
    Duration least = Duration.ofMillis(10);
    Duration most = Duration.ofMinutes(10);
    return new ChromaConfig(
        section.httpUrl("url"),
        section.secret("token"),
        section.matching("token_header", "[A-Za-z0-9-]+", "the name of an HTTP header"),
        section.file("ca_file"),
        section.matching(
            "tenant_prefix",
            "[A-Za-z0-9][A-Za-z0-9_-]{1,}",
            "two or more letters, digits, '-' or '_', starting with a letter or digit"),
        section.matching(
            "database",
            "[A-Za-z0-9][A-Za-z0-9_-]{1,61}[A-Za-z0-9]",
            "3 to 63 letters, digits, '-' or '_', starting and ending with a letter or digit"),
        section.duration("connect_timeout", least, most),
        section.duration("timeout", least, most),
        section.duration("write_timeout", least, most),
        section.integer("max_calls", 1, 10_000),
        new Batches(
            section.integer("query_batch", 1, 1_000),
            section.integer("queries_in_flight", 1, 100),
            section.integer("write_batch", 1, 10_000)),
        new Graph(
            section.integer("max_neighbors", 2, 1_000),
            section.integer("ef_construction", 2, 10_000),
            section.integer("ef_search", 2, 10_000)));
  }
}
