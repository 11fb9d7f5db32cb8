package dev.throng.backend;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.util.Map;
import java.util.Optional;
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
  private final Function<String, Optional<Embedder>> loader;
  private final Map<String, Embedder> others = new ConcurrentHashMap<>();
  private final ReentrantLock loading = new ReentrantLock();

  /**
   * @param configured what new collections and generations are made with
   * @param loader makes another one by its id; empty when it does not know it
   */
  public Embedders(Embedder configured, Function<String, Optional<Embedder>> loader) {
    this.configured = configured;
    this.loader = loader;
  }

  /** One, and no others. */
  public static Embedders only(Embedder configured) {
    return new Embedders(configured, id -> Optional.empty());
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
      Embedder loaded =
          loader
              .apply(id)
              .orElseThrow(() ->
                  new ThrongException(
                      ErrorCode.INDEX_MISMATCH,
                      "embedder: \"%s\" (expected: one that this server has, such as %s)"
                          .formatted(id, configured.id())));
      others.put(id, loaded);
      return loaded;
    } finally {
      loading.unlock();
    }
  }

  @Override
  public void close() {
    others.values().forEach(Embedder::close);
    configured.close();
  }
}
