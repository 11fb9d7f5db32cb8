package dev.throng.store.chroma;

import dev.throng.config.ChromaConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Words;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Stores chunks in collections of one Chroma server. Each tenant has a tenant there, and each index
 * of a collection has a collection in one database.
 */
public final class ChromaChunkStore implements ChunkStore {
  private record Key(CollectionRef ref, long indexNumber) {}

  private final ChromaServer server;
  private final Words words;
  private final ConcurrentMap<Key, ChromaChunkIndex> open = new ConcurrentHashMap<>();

  /**
   * Creates a store without calling the server.
   *
   * @param words splits text as the index of the data folder does
   */
  public ChromaChunkStore(ChromaConfig config, Words words) {
    this.server = new ChromaServer(config);
    this.words = words;
  }

  @Override
  public String name() {
    return "chroma";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(false, false, true, false);
  }

  @Override
  public boolean isDegraded() {
    return server.http().isDegraded();
  }

  @Override
  public int waitingCalls() {
    return server.http().waiting()
        + open.values().stream().mapToInt(ChromaChunkIndex::waitingSearches).sum();
  }

  /**
   * Returns the server's version.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE; STORE_FAILED when it cannot be used
   */
  public String version() {
    return server.version();
  }

  @Override
  public ChunkIndex open(CollectionRef ref, long indexNumber, IndexSpec spec) {
    Key key = new Key(ref, indexNumber);
    ChromaChunkIndex known = open.get(key);
    if (known == null) {
      // Not under the map's lock, because it waits for another machine. A concurrent caller also
      // calls the server, and gets the same collection.
      ChromaChunkIndex opened =
          new ChromaChunkIndex(ChromaCollection.open(server, ref, indexNumber, spec), words);
      known = open.putIfAbsent(key, opened);
      return known == null ? opened : known.checked(spec);
    }
    return known.checked(spec);
  }

  @Override
  public void drop(CollectionRef ref, long indexNumber, IndexSpec spec) {
    server.delete(ref, indexNumber);
    open.remove(new Key(ref, indexNumber));
  }

  @Override
  public void close() {
    open.clear();
    server.close();
  }
}
