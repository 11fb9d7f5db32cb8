package dev.throng.store.lucene;

import dev.throng.core.CollectionRef;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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
  public void close() {
    open.values().forEach(LuceneChunkIndex::close);
    open.clear();
  }

  private LuceneChunkIndex openFolder(Key key, IndexSpec spec) {
    return LuceneChunkIndex.open(
        root.resolve(key.ref.tenant())
            .resolve(key.ref.name())
            .resolve(Long.toString(key.generation)),
        spec);
  }
}
