package dev.throng.store.lucene;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lucene indexes below one folder: {@code tenant/collection/generation}. */
public final class LuceneChunkStore implements ChunkStore {
  private static final Logger log = LoggerFactory.getLogger(LuceneChunkStore.class);

  private record Key(CollectionRef ref, long generation) {}

  private final Path root;
  private final ConcurrentMap<Key, LuceneChunkIndex> open = new ConcurrentHashMap<>();

  public LuceneChunkStore(Path root) {
    this.root = root;
  }

  @Override
  public String name() {
    return "lucene";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, false, true);
  }

  @Override
  public boolean isDegraded() {
    return false;
  }

  @Override
  public int waitingCalls() {
    return 0;
  }

  @Override
  public ChunkIndex open(CollectionRef ref, long generation, IndexSpec spec) {
    Key key = new Key(ref, generation);
    LuceneChunkIndex index = open.get(key);
    return index != null ? index : open.computeIfAbsent(key, k -> openFolder(k, spec));
  }

  @Override
  public ChunkIndex replace(CollectionRef ref, long generation, IndexSpec spec) {
    Key key = new Key(ref, generation);
    return open.compute(
        key,
        (k, known) -> {
          if (known == null) {
            return openFolder(k, spec);
          }
          if (!known.isDamaged()) {
            return known; // another thread was quicker
          }
          closeQuietly(known);
          return openAnew(k, spec);
        });
  }

  private static void closeQuietly(LuceneChunkIndex damaged) {
    try {
      damaged.close();
    } catch (RuntimeException e) {
      log.debug("a damaged index did not close", e);
    }
  }

  @Override
  public void forgetQuestions() {
    open.values().forEach(LuceneChunkIndex::forgetQuestions);
  }

  @Override
  public void drop(CollectionRef ref, long generation, IndexSpec spec) {
    Key key = new Key(ref, generation);
    LuceneChunkIndex index = open.remove(key);
    if (index != null) {
      index.close();
    }
    Path folder = folder(key);
    try {
      LuceneChunkIndex.deleteAll(folder);
      LuceneChunkIndex.deleteAll(LuceneChunkIndex.aside(folder));
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED, "the index in %s cannot be deleted: %s".formatted(folder, e), e);
    }
  }

  @Override
  public void close() {
    open.values().forEach(LuceneChunkIndex::close);
    open.clear();
  }

  /** One that cannot be opened for damage cannot be mended either, by nobody. */
  private LuceneChunkIndex openFolder(Key key, IndexSpec spec) {
    try {
      return LuceneChunkIndex.open(folder(key), spec);
    } catch (ThrongException e) {
      if (!IndexHealth.isDamage(e)) {
        throw e;
      }
      log.error("{}", e.getMessage());
      return openAnew(key, spec);
    }
  }

  private LuceneChunkIndex openAnew(Key key, IndexSpec spec) {
    Path folder = folder(key);
    Path aside = LuceneChunkIndex.aside(folder);
    try {
      LuceneChunkIndex.deleteAll(aside);
      if (Files.exists(folder)) {
        Files.move(folder, aside);
        log.warn("a new index takes the place of {}, which is now {}", folder, aside);
      }
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "the index in %s cannot be set aside: %s".formatted(folder, e),
          e);
    }
    return LuceneChunkIndex.open(folder, spec);
  }

  private Path folder(Key key) {
    return root.resolve(key.ref.tenant())
        .resolve(key.ref.name())
        .resolve(Long.toString(key.generation));
  }
}
