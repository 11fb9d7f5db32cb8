package dev.throng.store.http;

import dev.throng.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The location and settings of a store.
 *
 * @param store its name in messages, such as {@code chroma}
 * @param url the base URL of all paths
 * @param headers sent with every call
 * @param caFile certificates in PEM that the server's certificate is checked against; null for the
 *     JDK's trust store
 * @param probePath a path that responds when the store does
 * @param connectTimeout timeout of a connection attempt
 * @param timeout timeout of a call, from its wait for a free place to the last byte of its response
 * @param maxCalls maximum number of simultaneous calls; further ones wait
 * @param maxResponseBytes maximum length of a response
 */
public record StoreEndpoint(
    String store,
    URI url,
    Map<String, Secret> headers,
    @Nullable Path caFile,
    String probePath,
    Duration connectTimeout,
    Duration timeout,
    int maxCalls,
    long maxResponseBytes) {

  public StoreEndpoint {
    headers = Map.copyOf(headers);
  }

  URI at(String path) {
    String base = url.toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + path);
  }

  /** Returns its name in messages. */
  String name() {
    return store + " at " + url;
  }
}
