package dev.throng.store.chroma;

import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.core.Words;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.HeldVersions;
import dev.throng.store.LiveVersions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The chunks of one index in a Chroma collection. Written chunks are visible immediately. Deletions
 * are held back until the commit.
 */
final class ChromaChunkIndex implements ChunkIndex {
  private final ChromaCollection collection;
  private final Words words;
  private final Set<Long> deleted = ConcurrentHashMap.newKeySet();
  private final HeldVersions held =
      new HeldVersions(
          Ticker.system(), ChromaCollection.MAX_CONDITION, ChromaCollection.MAX_CONDITION);

  ChromaChunkIndex(ChromaCollection collection, Words words) {
    this.collection = collection;
    this.words = words;
  }

  /**
   * Returns this index if it was opened for the same spec.
   *
   * @throws dev.throng.core.ThrongException INDEX_MISMATCH when it was opened for another one
   */
  ChromaChunkIndex checked(IndexSpec spec) {
    IndexSpec made = collection.spec();
    ChromaServer.checkSpec(collection.toString(), made.embedderId(), made.dimension(), spec);
    return this;
  }

  int waitingSearches() {
    return collection.waiting();
  }

  @Override
  public void write(List<EmbeddedChunk> chunks) {
    collection.write(chunks);
  }

  @Override
  public void deleteVersions(Collection<Long> versions) {
    deleted.addAll(versions);
  }

  @Override
  public void commit() {
    List<Long> now = List.copyOf(deleted);
    collection.delete(now);
    deleted.removeAll(now);
  }

  @Override
  public Expunged expunge() {
    return new Expunged(0, "chroma's own files, until `chroma vacuum` is run on them");
  }

  @Override
  public boolean recover() {
    return false; // each change is independent
  }

  @Override
  public ChunkView view(LiveVersions live, Deadline deadline) {
    HeldVersions.await(() -> hasAll(live, deadline), collection, deadline);
    return new ChromaChunkView(collection, words, deadline);
  }

  /**
   * A single server shows what it has acknowledged, unless it was restored to an older state or is
   * one of several.
   */
  @Override
  public boolean hasAll(LiveVersions live, Deadline deadline) {
    return held.hasAll(
        live,
        versions -> collection.chunkCount(versions, deadline) >= live.chunkCount(versions),
        deadline);
  }

  @Override
  public Set<Long> versions() {
    return collection.versions();
  }

  @Override
  public List<EmbeddedChunk> chunksOf(long version) {
    return collection.chunksOf(version).stream()
        .sorted(Comparator.comparingInt(each -> each.chunk().ordinal()))
        .toList();
  }

  @Override
  public void close() {} // pending deletions were not committed
}
