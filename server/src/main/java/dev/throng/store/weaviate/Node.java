package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.Secret;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.http.StoreCall;
import dev.throng.store.http.StoreEndpoint;
import dev.throng.store.http.StoreHttp;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One node of the cluster. Searches and writes have separate connections and breakers, because
 * during the election of a leader writes hang and searches do not.
 */
final class Node implements AutoCloseable {
  private static final String READY = "v1/.well-known/ready";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_WRITES = 8;
  private static final long MAX_RESPONSE_BYTES = 256L << 20;

  /** A write that hangs for this long is sent to another node. */
  private static final Duration WRITE_ATTEMPT = Duration.ofSeconds(5);

  private final URI url;
  private final StoreHttp searches;
  private final StoreHttp writes;
  private final AtomicBoolean isExcluded = new AtomicBoolean();
  private final AtomicInteger exclusions = new AtomicInteger();

  Node(URI url, WeaviateConfig config) {
    this.url = url;
    this.searches = new StoreHttp(endpoint(url, config, config.timeout(), config.maxCalls()));
    this.writes = new StoreHttp(endpoint(url, config, WRITE_ATTEMPT, MAX_WRITES));
  }

  private static StoreEndpoint endpoint(
      URI url, WeaviateConfig config, Duration timeout, int maxCalls) {
    return new StoreEndpoint(
        "weaviate",
        url,
        config.apiKey().isPresent()
            ? Map.of("Authorization", new Secret("Bearer " + config.apiKey().value()))
            : Map.of(),
        config.caFile(),
        READY,
        CONNECT_TIMEOUT,
        timeout,
        maxCalls,
        MAX_RESPONSE_BYTES);
  }

  URI url() {
    return url;
  }

  /** Returns the data of a GraphQL response. */
  JsonNode query(String graphQl, Deadline deadline) {
    JsonNode answer =
        searches.call(
            StoreCall.repeatable(
                "v1/graphql",
                out -> {
                  out.writeStartObject();
                  out.writeStringField("query", graphQl);
                  out.writeEndObject();
                }),
            deadline);
    if (answer.hasNonNull("errors")) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "weaviate at %s: %s".formatted(url, answer.at("/errors/0/message").asText()));
    }
    return answer.path("data");
  }

  JsonNode read(String path, Deadline deadline) {
    return searches.call(StoreCall.get(path), deadline);
  }

  StoreHttp.Reply write(StoreCall call, Deadline deadline) {
    return writes.ask(call, deadline);
  }

  ThrongException refused(StoreCall call, StoreHttp.Reply reply) {
    return writes.refused(call, reply);
  }

  /** Returns whether the node answers, as far as known. */
  boolean answers() {
    return !searches.isDegraded();
  }

  /** Returns whether it may lack chunks that others have. */
  boolean isExcluded() {
    return isExcluded.get();
  }

  /** Takes it out of use. Returns false when it was already out of use. */
  boolean exclude() {
    boolean isFirst = isExcluded.compareAndSet(false, true);
    if (isFirst) {
      exclusions.incrementAndGet();
    }
    return isFirst;
  }

  /**
   * Returns how often it was taken out of use. Earlier knowledge of its contents is invalid after
   * each time.
   */
  int exclusions() {
    return exclusions.get();
  }

  void readmit() {
    isExcluded.set(false);
  }

  int waitingCalls() {
    return searches.waiting() + writes.waiting();
  }

  @Override
  public void close() {
    searches.close();
    writes.close();
  }
}
