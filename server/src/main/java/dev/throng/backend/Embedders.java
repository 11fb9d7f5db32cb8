package dev.throng.backend;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The configured embedder, and those that older collections were made with. A collection is read
 * and written with its own embedder until it is reindexed. The others are loaded at their first
 * use.
 */
public final class Embedders implements AutoCloseable {
  private final Embedder configured;
  private final Function<String, Embedder> loader;
  private final Map<String, Embedder> others = new ConcurrentHashMap<>();
  private final ReentrantLock loading = new ReentrantLock();

  /**
   * Creates the embedders.
   *
   * @param configured used for new collections and new indexes
   * @param loader loads another embedder by its id, or fails as {@link #unknown}
   */
  public Embedders(Embedder configured, Function<String, Embedder> loader) {
    this.configured = configured;
    this.loader = loader;
  }

  /** Returns embedders that contain only one. */
  public static Embedders only(Embedder configured) {
    return new Embedders(
        configured,
        id -> {
          throw unknown(id, List.of(configured.id()));
        });
  }

  /** Returns a failure for an unknown embedder. */
  public static ThrongException unknown(String id, List<String> known) {
    return new ThrongException(
        ErrorCode.INDEX_MISMATCH,
        "embedder: \"%.100s\" (expected: ollama/MODEL, or one of %s)"
            .formatted(id, String.join(", ", known)));
  }

  public Embedder configured() {
    return configured;
  }

  /**
   * Returns the embedder with that id.
   *
   * @throws ThrongException INDEX_MISMATCH when there is no such embedder, or the failure of
   *     loading it
   */
  public Embedder of(String id) {
    if (configured.id().equals(id)) {
      return configured;
    }
    Embedder known = others.get(id);
    return known != null ? known : load(id);
  }

  private Embedder load(String id) {
    loading.lock();
    try {
      Embedder known = others.get(id);
      if (known != null) {
        return known;
      }
      Embedder loaded = loader.apply(id);
      others.put(id, loaded);
      return loaded;
    } finally {
      loading.unlock();
    }
  }

  /** Clears the cached embeddings of questions in all embedders. */
  public void forgetQueries() {
    others.values().forEach(Embedder::forgetQueries);
    configured.forgetQueries();
  }

  @Override
  public void close() {
    others.values().forEach(Embedder::close);
    configured.close();
  }
}
