package dev.throng.backend;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The embedder that the settings name, and those that older collections were made with: a
 * collection is read and written with its own until it is reindexed. Others are loaded when they
 * are asked for first.
 */
public final class Embedders implements AutoCloseable {
  private final Embedder configured;
  private final Function<String, Embedder> loader;
  private final Map<String, Embedder> others = new ConcurrentHashMap<>();
  private final ReentrantLock loading = new ReentrantLock();

  /**
   * @param configured what new collections and generations are made with
   * @param loader makes another one by its id, or fails as {@link #unknown}
   */
  public Embedders(Embedder configured, Function<String, Embedder> loader) {
    this.configured = configured;
    this.loader = loader;
  }

  /** One, and no others. */
  public static Embedders only(Embedder configured) {
    return new Embedders(
        configured,
        id -> {
          throw unknown(id, List.of(configured.id()));
        });
  }

  /** That there is no embedder of that id. */
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
   * The one of that id.
   *
   * @throws ThrongException INDEX_MISMATCH when there is no way to it, or what its loading fails
   *     with
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

  /** Forgets the questions that any of them has embedded. */
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
