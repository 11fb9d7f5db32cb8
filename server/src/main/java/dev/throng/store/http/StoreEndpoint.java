package dev.throng.store.http;

import dev.throng.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is and how it is called.
 *
 * @param store what it is called in messages, such as {@code chroma}
 * @param url all paths are below it
 * @param headers sent with every call
 * @param caFile certificates in PEM that the server's is checked by; null for those of the JDK
 * @param probePath what answers when the store does
 * @param connectTimeout for a connection
 * @param timeout of a call, from its wait for a free place to the last byte of its answer
 * @param maxCalls calls under way at once; further ones wait
 * @param maxResponseBytes longest answer that is read
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

  /** How messages name it. */
  String name() {
    return store + " at " + url;
  }
}
