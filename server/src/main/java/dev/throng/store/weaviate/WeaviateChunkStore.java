package dev.throng.store.weaviate;

import dev.throng.config.WeaviateConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Stores chunks in a Weaviate cluster, which any number of replicas may share. */
public final class WeaviateChunkStore implements ChunkStore {
  /** How long a call waits for another one to open its index. */
  private static final Duration OPENING_WAIT = Duration.ofSeconds(5);

  private record Key(CollectionRef ref, long indexNumber) {}

  private final WeaviateConfig config;
  private final Cluster cluster;
  private final IndexSchema schema;
  private final ConcurrentMap<Key, WeaviateChunkIndex> open = new ConcurrentHashMap<>();
  private final ReentrantLock opening = new ReentrantLock();

  public WeaviateChunkStore(WeaviateConfig config) {
    this.config = config;
    this.cluster = new Cluster(config, this::isInStep);
    this.schema = new IndexSchema(cluster, config);
  }

  /**
   * Returns the version, the nodes and their state, in readable form.
   *
   * @throws ThrongException STORE_UNAVAILABLE when no node answers; STORE_FAILED when the request
   *     is refused
   */
  public String identity() {
    return cluster.identity();
  }

  /** Returns which configured nodes do not answer, and why; "" when all do. */
  public String missing() {
    return cluster.missing();
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, false, true, false);
  }

  @Override
  public String name() {
    return "weaviate";
  }

  @Override
  public boolean isDegraded() {
    return cluster.inUse().size() < cluster.nodes().size();
  }

  @Override
  public int waitingCalls() {
    return cluster.nodes().stream().mapToInt(Node::waitingCalls).sum();
  }

  @Override
  public void forgetQuestions() {
    open.values().forEach(WeaviateChunkIndex::forgetQuestions);
  }

  @Override
  public ChunkIndex open(CollectionRef ref, long indexNumber, IndexSpec spec) {
    Key key = new Key(ref, indexNumber);
    WeaviateChunkIndex index = open.get(key);
    return index != null ? index : openOnce(key, spec);
  }

  private ChunkIndex openOnce(Key key, IndexSpec spec) {
    awaitTurn();
    try {
      WeaviateChunkIndex index = open.get(key);
      if (index == null) {
        IndexPlace place = schema.place(key.ref, key.indexNumber, spec);
        index = new WeaviateChunkIndex(cluster, place, spec, config);
        open.put(key, index);
      }
      return index;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void drop(CollectionRef ref, long indexNumber, IndexSpec spec) {
    open.remove(new Key(ref, indexNumber));
    schema.drop(ref, indexNumber, spec);
  }

  private void awaitTurn() {
    try {
      if (!opening.tryLock(OPENING_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ThrongException(
            ErrorCode.STORE_UNAVAILABLE, "another call is still waiting for weaviate's schema");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while opening an index", e);
    }
  }

  /** Returns whether a node has every chunk of the open indexes that another one has. */
  private boolean isInStep(Node node) {
    Deadline deadline = Deadline.after(Ticker.system(), config.writeTimeout());
    return cluster.inUse().stream()
        .filter(other -> other != node)
        .findFirst()
        .map(other ->
            open.values().stream().allMatch(index -> index.isEqualOn(node, other, deadline)))
        .orElse(true);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
