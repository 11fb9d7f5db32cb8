package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.LiveVersions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The chunks of one index, in a tenant of a class. */
final class WeaviateChunkIndex implements ChunkIndex {
  /** Number of versions in one delete. */
  private static final int DELETED_VERSIONS = 500;

  /** Number of objects per page when reading the whole index. */
  private static final int PAGE_IDS = 2_000;

  private static final int PAGE_CHUNKS = 200;

  /** Time for a node that is slower than the quorum to show committed changes, too. */
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final IndexPlace place;
  private final String language;
  private final ObjectWriter writer;
  private final int batchObjects;
  private final WordCounts counts;
  private final NodeContents contents;
  private final Set<ChunkKey> written = new HashSet<>();
  private final Set<Long> deleted = new LinkedHashSet<>();

  WeaviateChunkIndex(Cluster cluster, IndexPlace place, IndexSpec spec, WeaviateConfig config) {
    this.cluster = cluster;
    this.place = place;
    this.language = spec.language();
    this.writer = new ObjectWriter(cluster, place, language, config);
    this.batchObjects = config.batchObjects();
    this.counts = new WordCounts(cluster, place);
    this.contents = new NodeContents(place, spec.dimension());
  }

  @Override
  public void write(List<EmbeddedChunk> chunks) {
    for (List<EmbeddedChunk> batch : GraphQl.pieces(chunks, batchObjects)) {
      writer.write(batch);
      batch.forEach(
          each -> written.add(new ChunkKey(each.chunk().version(), each.chunk().ordinal())));
    }
  }

  @Override
  public void deleteVersions(Collection<Long> versions) {
    deleted.addAll(versions);
  }

  @Override
  public void commit() {
    if (written.isEmpty() && deleted.isEmpty()) {
      return;
    }
    for (List<Long> versions : GraphQl.pieces(deleted, DELETED_VERSIONS)) {
      writer.delete(versions);
    }
    confirm();
    written.clear();
    deleted.clear();
    counts.forget();
  }

  void forgetQuestions() {
    counts.forget();
  }

  @Override
  public Expunged expunge() {
    return new Expunged(0, "weaviate's own files, until it has compacted them");
  }

  @Override
  public boolean recover() {
    return false; // each change is independent
  }

  @Override
  public WeaviateChunkView view(LiveVersions live, Deadline deadline) {
    return new WeaviateChunkView(cluster, place, language, counts, contents, live, deadline);
  }

  @Override
  public boolean hasAll(LiveVersions live, Deadline deadline) {
    return cluster.inUse().stream().anyMatch(node -> contents.hasAll(node, live, deadline));
  }

  @Override
  public Set<Long> versions() {
    return versions(this::ask);
  }

  /** A version is lost when no node has it. All nodes that searches use may lag behind. */
  @Override
  public Set<Long> lost(Set<Long> some) {
    Set<Long> lost = new HashSet<>(some);
    for (Node node : cluster.nodes()) {
      if (!lost.isEmpty()) {
        lost.removeAll(versions(query -> node.query(query, cluster.writeDeadline())));
      }
    }
    return lost;
  }

  private Set<Long> versions(Function<String, JsonNode> ask) {
    Set<Long> versions = new HashSet<>();
    List<ChunkKey> page;
    String after = "";
    do {
      page = page(ask, after, PAGE_IDS, "_additional{id}", ChunkObjects::key);
      page.forEach(key -> versions.add(key.version()));
      after = page.isEmpty() ? "" : page.getLast().id();
    } while (page.size() == PAGE_IDS);
    return versions;
  }

  /** Queries any node that answers. */
  private JsonNode ask(String query) {
    return cluster.search(query, data -> data);
  }

  /** Objects are sorted by id, so those of a version are adjacent. */
  @Override
  public List<EmbeddedChunk> chunksOf(long version) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    List<EmbeddedChunk> page;
    String after = ChunkKey.idBefore(version);
    do {
      page =
          page(
              this::ask,
              after,
              PAGE_CHUNKS,
              "%s _additional{id vector}".formatted(ChunkObjects.FIELDS),
              object ->
                  new EmbeddedChunk(ChunkObjects.chunk(object), ChunkObjects.embedding(object)));
      page.stream().filter(chunk -> chunk.chunk().version() == version).forEach(chunks::add);
      after = page.isEmpty() ? "" : new ChunkKey(version, chunks.size() - 1).id();
    } while (page.size() == PAGE_CHUNKS && page.getLast().chunk().version() == version);
    return List.copyOf(chunks);
  }

  @Override
  public void close() {}

  /** Returns whether two nodes have the same chunks. */
  boolean isEqualOn(Node node, Node other, Deadline deadline) {
    return node.query(place.digest(), deadline).equals(other.query(place.digest(), deadline));
  }

  private <T> List<T> page(
      Function<String, JsonNode> ask,
      String after,
      int limit,
      String fields,
      Function<JsonNode, T> reader) {
    String query = place.get("limit:%d,after:%s".formatted(limit, GraphQl.quoted(after)), fields);
    List<T> objects = new ArrayList<>();
    place.objects(ask.apply(query)).forEach(object -> objects.add(reader.apply(object)));
    return objects;
  }

  private void confirm() {
    Committed committed = new Committed(place, written, deleted);
    List<Node> asked = cluster.inUse();
    List<Node> lacking = asked.stream().filter(node -> !isShownBy(node, committed)).toList();
    if (lacking.size() == asked.size()) {
      throw new ThrongException(
          ErrorCode.STORE_UNAVAILABLE,
          "weaviate, class %s: no node shows what was written".formatted(place.className()));
    }
    lacking.forEach(cluster::exclude);
  }

  private static boolean isShownBy(Node node, Committed committed) {
    return committed.isShownBy(node, Deadline.after(Ticker.system(), CONFIRM_TIMEOUT));
  }
}
