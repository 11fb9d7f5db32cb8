package dev.throng.store.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.http.StoreCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One tenant of one class. */
final class WeaviateChunkIndex implements ChunkIndex {
  /** Times that what a node could not write or delete is sent. */
  private static final int ATTEMPTS = 6;

  /** Versions in one filter of a delete or a count. */
  private static final int FILTER_VERSIONS = 500;

  /** Objects of one page of a walk through the index. */
  private static final int PAGE_IDS = 2_000;

  private static final int PAGE_CHUNKS = 200;

  /** For a replica that was slower than the quorum to have what was committed, too. */
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final IndexPlace place;
  private final String language;
  private final WeaviateConfig config;
  private final WordCounts counts;
  private final Set<ChunkKey> written = new HashSet<>();
  private final Set<Long> deleted = new LinkedHashSet<>();

  WeaviateChunkIndex(Cluster cluster, IndexPlace place, String language, WeaviateConfig config) {
    this.cluster = cluster;
    this.place = place;
    this.language = language;
    this.config = config;
    this.counts = new WordCounts(cluster, place);
  }

  @Override
  public void write(List<EmbeddedChunk> chunks) {
    for (List<EmbeddedChunk> batch : GraphQl.pieces(chunks, config.batchObjects())) {
      writeBatch(batch);
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
    for (List<Long> versions : GraphQl.pieces(deleted, FILTER_VERSIONS)) {
      delete(versions);
    }
    confirm();
    written.clear();
    deleted.clear();
    counts.forget();
  }

  @Override
  public WeaviateChunkView view(Deadline deadline) {
    return new WeaviateChunkView(cluster, place, language, counts, deadline);
  }

  @Override
  public Set<Long> versions() {
    Set<Long> versions = new HashSet<>();
    List<ChunkKey> page;
    String after = "";
    do {
      page = page(after, PAGE_IDS, "_additional{id}", ChunkObjects::key);
      page.forEach(key -> versions.add(key.version()));
      after = page.isEmpty() ? "" : page.getLast().id();
    } while (page.size() == PAGE_IDS);
    return versions;
  }

  /** Objects lie in the order of their ids, so those of a version are side by side. */
  @Override
  public List<EmbeddedChunk> chunksOf(long version) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    List<EmbeddedChunk> page;
    String after = ChunkKey.idBefore(version);
    do {
      page =
          page(
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

  /** Whether a node has the same chunks as another one. */
  boolean isEqualOn(Node node, Node other, Deadline deadline) {
    return node.query(place.digest(), deadline).equals(other.query(place.digest(), deadline));
  }

  private <T> List<T> page(
      String after, int limit, String fields, java.util.function.Function<JsonNode, T> reader) {
    String query = place.get("limit:%d,after:%s".formatted(limit, GraphQl.quoted(after)), fields);
    return cluster.search(
        query,
        data -> {
          List<T> objects = new ArrayList<>();
          place.objects(data).forEach(object -> objects.add(reader.apply(object)));
          return objects;
        });
  }

  private void writeBatch(List<EmbeddedChunk> batch) {
    List<EmbeddedChunk> left = batch;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      List<EmbeddedChunk> sent = left;
      JsonNode results =
          cluster.write(
              StoreCall.repeatable(
                  batchPath(""),
                  out -> {
                    out.writeStartObject();
                    out.writeArrayFieldStart("objects");
                    for (EmbeddedChunk chunk : sent) {
                      ChunkObjects.write(out, chunk, place, language);
                    }
                    out.writeEndArray();
                    out.writeEndObject();
                  }));
      left = failed(sent, results);
      if (!left.isEmpty()) {
        retryAfter(
            attempt,
            "%d of %d chunks were not written".formatted(left.size(), sent.size()),
            results.findValue("message"));
      }
    }
    batch.forEach(
        chunk -> written.add(new ChunkKey(chunk.chunk().version(), chunk.chunk().ordinal())));
  }

  /** Each object has a result of its own. */
  private static List<EmbeddedChunk> failed(List<EmbeddedChunk> sent, JsonNode results) {
    List<EmbeddedChunk> failed = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      if (!results.path(i).at("/result/status").asText().equals("SUCCESS")) {
        failed.add(sent.get(i));
      }
    }
    return failed;
  }

  private void delete(List<Long> versions) {
    StoreCall call =
        new StoreCall(
            "DELETE",
            batchPath("&tenant=" + place.tenant()),
            out -> {
              out.writeStartObject();
              out.writeStringField("output", "minimal");
              out.writeObjectFieldStart("match");
              out.writeStringField("class", place.className());
              out.writeObjectFieldStart("where");
              out.writeStringField("operator", "ContainsAny");
              out.writeArrayFieldStart("path");
              out.writeString(ChunkObjects.VERSION);
              out.writeEndArray();
              out.writeArrayFieldStart("valueTextArray");
              for (long version : versions) {
                out.writeString(ChunkObjects.versionValue(version));
              }
              out.writeEndArray();
              out.writeEndObject();
              out.writeEndObject();
              out.writeEndObject();
            },
            true,
            null);
    int failures = 0;
    JsonNode results;
    do { // at most so many objects a call as its limit says
      results = cluster.write(call).path("results");
      if (results.path("failed").asInt() > 0) {
        failures++;
        retryAfter(
            failures,
            "%d chunks were not deleted".formatted(results.path("failed").asInt()),
            results);
      }
    } while (results.path("failed").asInt() > 0
        || results.path("matches").asInt() >= results.path("limit").asInt(Integer.MAX_VALUE));
  }

  private String batchPath(String parameters) {
    return "v1/batch/objects?consistency_level=%s%s"
        .formatted(config.writeConsistency(), parameters);
  }

  private void retryAfter(
      int attempt, String what, @org.jspecify.annotations.Nullable JsonNode said) {
    if (attempt >= ATTEMPTS) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "weaviate, class %s: %s, %d times: %s".formatted(place.className(), what, attempt, said));
    }
    Pause.of(
        Pause.LONG.multipliedBy(attempt), Deadline.after(Ticker.system(), config.writeTimeout()));
  }

  /**
   * A write is done when a quorum has it, and a search asks one node: so each node in use must show
   * what was committed, or is left out until it does.
   */
  private void confirm() {
    Deadline deadline = Deadline.after(Ticker.system(), CONFIRM_TIMEOUT);
    int confirmed = 0;
    for (Node node : cluster.inUse()) {
      if (shows(node, deadline)) {
        confirmed++;
      } else {
        cluster.leaveOut(node);
      }
    }
    if (confirmed == 0) {
      throw new ThrongException(
          ErrorCode.STORE_UNAVAILABLE,
          "weaviate, class %s: no node shows what was written".formatted(place.className()));
    }
  }

  private boolean shows(Node node, Deadline deadline) {
    List<String> wheres = new ArrayList<>();
    Set<Long> kept = new HashSet<>();
    written.stream()
        .filter(key -> !deleted.contains(key.version()))
        .forEach(key -> kept.add(key.version()));
    GraphQl.pieces(kept, FILTER_VERSIONS).forEach(piece -> wheres.add(where(piece)));
    int keptWheres = wheres.size();
    GraphQl.pieces(deleted, FILTER_VERSIONS).forEach(piece -> wheres.add(where(piece)));
    long expected = written.stream().filter(key -> kept.contains(key.version())).count();
    String query = place.counts(wheres);
    try {
      while (true) {
        JsonNode data = node.query(query, deadline);
        long there = 0;
        long gone = 0;
        for (int i = 0; i < wheres.size(); i++) {
          int count = IndexPlace.count(data, i);
          there += i < keptWheres ? count : 0;
          gone += i < keptWheres ? 0 : count;
        }
        if (there >= expected && gone == 0) {
          return true;
        }
        Pause.of(Pause.SHORT, deadline);
      }
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
      return false; // the deadline passed, or it does not answer
    }
  }

  private static String where(List<Long> versions) {
    return GraphQl.where(
        ChunkObjects.VERSION,
        "ContainsAny",
        versions.stream().map(ChunkObjects::versionValue).toList());
  }
}
