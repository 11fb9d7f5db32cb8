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
import java.util.stream.Stream;

/** Lucene indexes below one folder: {@code tenant/collection/generation}. */
public final class LuceneChunkStore implements ChunkStore {
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
      deleteAll(folder);
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED, "the index in %s cannot be deleted: %s".formatted(folder, e), e);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public void close() {
    open.values().forEach(LuceneChunkIndex::close);
    open.clear();
  }

  private LuceneChunkIndex openFolder(Key key, IndexSpec spec) {
    return LuceneChunkIndex.open(folder(key), spec);
  }

  private Path folder(Key key) {
    return root.resolve(key.ref.tenant())
        .resolve(key.ref.name())
        .resolve(Long.toString(key.generation));
  }
}
