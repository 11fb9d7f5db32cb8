package dev.throng.store.chroma;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.http.StoreCall;
import dev.throng.store.http.StoreHttp;
import dev.throng.store.http.StoreHttp.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes, deletes, searches and reads the records of one collection. */
final class ChromaCollection {
  /**
   * Maximum number of versions in one condition. The server accepts about 32,000 and returns an
   * error beyond.
   */
  static final int MAX_CONDITION = 5_000;

  private static final int NOT_FOUND = 404;
  private static final int IDS_PER_PAGE = 5_000;
  private static final int CHUNKS_PER_PAGE = 500;

  /** Number of versions whose chunks one call deletes. */
  private static final int VERSIONS_PER_DELETE = 500;

  /** How often all ids are read while others write. */
  private static final int SCANS = 3;

  /**
   * The versions that a search may find, as a condition for the server.
   *
   * @param operator of Chroma: {@code $in} or {@code $nin}; "" for all versions
   */
  record Condition(String operator, Set<Long> versions) {
    static final Condition NONE = new Condition("", Set.of());

    static Condition in(Set<Long> versions) {
      return new Condition("$in", versions);
    }

    static Condition notIn(Set<Long> versions) {
      return new Condition("$nin", versions);
    }
  }

  /** The key of searches that can be combined into one call. */
  private record SearchKey(Condition condition, int limit) {}

  private final ChromaServer server;
  private final CollectionRef ref;
  private final String name;
  private final IndexSpec spec;
  private volatile String id;
  private final Batches<SearchKey, Embedding, List<Hit>> searches;
  private final Batches<ChromaCollection, List<String>, Map<String, Chunk>> reads;

  /** Opens the collection of one index, as {@link ChromaServer#open} does. */
  static ChromaCollection open(
      ChromaServer server, CollectionRef ref, long indexNumber, IndexSpec spec) {
    String id = server.open(ref, indexNumber, spec);
    return new ChromaCollection(server, ref, ChromaServer.name(ref, indexNumber), spec, id);
  }

  private ChromaCollection(
      ChromaServer server, CollectionRef ref, String name, IndexSpec spec, String id) {
    this.server = server;
    this.ref = ref;
    this.name = name;
    this.spec = spec;
    this.id = id;
    int batch = server.config().batches().queries();
    int inFlight = server.config().batches().queriesInFlight();
    this.searches = new Batches<>("chroma-search", batch, inFlight, this::searchAll);
    this.reads = new Batches<>("chroma-read", batch, inFlight, (same, wanted) -> readAll(wanted));
  }

  IndexSpec spec() {
    return spec;
  }

  @Override
  public String toString() {
    return "the collection %s of chroma at %s".formatted(name, server.config().url());
  }

  /** Returns the nearest chunks, nearest first; fewer when there are no more. */
  List<Hit> search(Embedding query, int limit, Condition condition, Deadline deadline) {
    return searches.ask(new SearchKey(condition, limit), query, deadline);
  }

  /** Returns the chunks by id, without those that were deleted. */
  Map<String, Chunk> read(List<String> ids, Deadline deadline) {
    return reads.ask(this, ids, deadline);
  }

  /** Returns the number of searches and reads that wait for a batch. */
  int waiting() {
    return searches.waiting() + reads.waiting();
  }

  void write(List<EmbeddedChunk> chunks) {
    int most = server.writeBatch();
    for (int from = 0; from < chunks.size(); from += most) {
      List<EmbeddedChunk> batch = chunks.subList(from, Math.min(chunks.size(), from + most));
      change("upsert", out -> ChunkRecords.write(out, batch));
    }
  }

  void delete(Collection<Long> versions) {
    List<Long> all = List.copyOf(versions);
    for (int from = 0; from < all.size(); from += VERSIONS_PER_DELETE) {
      List<Long> some = all.subList(from, Math.min(all.size(), from + VERSIONS_PER_DELETE));
      change("delete", out -> ChunkRecords.writeWhere(out, "$in", some));
    }
  }

  int size(Deadline deadline) {
    return call(StoreCall.get("count"), deadline).asInt();
  }

  /**
   * Returns how many chunks some versions have. There may be as many versions as one condition
   * takes.
   */
  long chunkCount(Collection<Long> versions, Deadline deadline) {
    return call(
            post(
                "get",
                out -> {
                  ChunkRecords.writeWhere(out, "$in", versions);
                  writeIncluded(out);
                }),
            deadline)
        .path("ids")
        .size();
  }

  /**
   * Returns every version with a chunk. Pages shift while others delete, which could hide a
   * version. In that case all pages are read again, and the versions of all reads are combined.
   */
  Set<Long> versions() {
    Set<Long> versions = new HashSet<>();
    for (int scan = 0; scan < SCANS; scan++) {
      int before = size(StoreHttp.longRunning());
      int seen = addVersions(versions);
      if (seen == before && size(StoreHttp.longRunning()) == before) {
        break;
      }
    }
    return versions;
  }

  private int addVersions(Set<Long> versions) {
    int seen = 0;
    JsonNode ids;
    do {
      int offset = seen;
      ids =
          get(
                  out -> {
                    writePage(out, offset, IDS_PER_PAGE);
                    writeIncluded(out);
                  })
              .path("ids");
      ids.forEach(id -> versions.add(ChunkRecords.version(id.asText())));
      seen += ids.size();
    } while (ids.size() == IDS_PER_PAGE);
    return seen;
  }

  /** Returns the chunks of one version, in no particular order. */
  List<EmbeddedChunk> chunksOf(long version) {
    List<EmbeddedChunk> chunks = new ArrayList<>();
    int found;
    do {
      int offset = chunks.size();
      JsonNode records =
          get(out -> {
            ChunkRecords.writeWhere(out, "$in", List.of(version));
            writePage(out, offset, CHUNKS_PER_PAGE);
            writeIncluded(out, "documents", "metadatas", "embeddings");
          });
      found = records.path("ids").size();
      for (int i = 0; i < found; i++) {
        chunks.add(
            new EmbeddedChunk(ChunkRecords.chunk(records, i), ChunkRecords.embedding(records, i)));
      }
    } while (found == CHUNKS_PER_PAGE);
    return chunks;
  }

  /**
   * Requests only ids and distances. With texts and metadata of all candidates a search takes four
   * times as long, and most of them are never shown.
   */
  private List<List<Hit>> searchAll(SearchKey alike, List<Embedding> queries) {
    JsonNode found =
        call(
            post(
                "query",
                out -> {
                  out.writeArrayFieldStart("query_embeddings");
                  for (Embedding query : queries) {
                    ChunkRecords.write(out, query);
                  }
                  out.writeEndArray();
                  out.writeNumberField("n_results", alike.limit());
                  if (!alike.condition().operator().isEmpty()) {
                    ChunkRecords.writeWhere(
                        out, alike.condition().operator(), alike.condition().versions());
                  }
                  writeIncluded(out, "distances");
                }),
            StoreHttp.longRunning());
    List<List<Hit>> all = new ArrayList<>(queries.size());
    for (int query = 0; query < queries.size(); query++) {
      JsonNode ids = found.path("ids").path(query);
      JsonNode distances = found.path("distances").path(query);
      List<Hit> hits = new ArrayList<>(ids.size());
      for (int i = 0; i < ids.size(); i++) {
        hits.add(ChunkRecords.hit(ids.get(i).asText(), distances.path(i).asDouble(), i));
      }
      all.add(List.copyOf(hits));
    }
    return all;
  }

  private List<Map<String, Chunk>> readAll(List<List<String>> wanted) {
    Set<String> ids = new HashSet<>();
    wanted.forEach(ids::addAll);
    JsonNode records =
        get(out -> {
          out.writeArrayFieldStart("ids");
          for (String each : ids) {
            out.writeString(each);
          }
          out.writeEndArray();
          writeIncluded(out, "documents", "metadatas");
        });
    Map<String, Chunk> chunks = new HashMap<>();
    for (int i = 0; i < records.path("ids").size(); i++) {
      chunks.put(records.path("ids").get(i).asText(), ChunkRecords.chunk(records, i));
    }
    return wanted.stream().map(each -> chunks).toList();
  }

  private JsonNode get(StoreCall.Body fields) {
    return call(post("get", fields), StoreHttp.longRunning());
  }

  private void change(String verb, StoreCall.Body fields) {
    call(post(verb, fields).within(server.config().writeTimeout()), StoreHttp.longRunning());
  }

  private static StoreCall post(String verb, StoreCall.Body fields) {
    return StoreCall.repeatable(
        verb,
        out -> {
          out.writeStartObject();
          fields.write(out);
          out.writeEndObject();
        });
  }

  /**
   * Calls the server.
   *
   * @param call with its path below the collection's
   */
  private JsonNode call(StoreCall call, Deadline deadline) {
    String known = id;
    StoreCall sent = below(known, call);
    Reply reply = server.http().ask(sent, deadline);
    if (reply.status() == NOT_FOUND) {
      id = server.find(ref, name, spec).orElseThrow(this::gone);
      sent = below(id, call);
      reply = server.http().ask(sent, deadline);
    }
    if (!reply.isSuccess()) {
      throw server.http().refused(sent, reply);
    }
    return reply.body();
  }

  private StoreCall below(String collection, StoreCall call) {
    return call.below("%s/%s/".formatted(server.collections(ref), collection));
  }

  /**
   * The collection is not created again, because an empty one would answer "I don't know" to every
   * question.
   */
  private ThrongException gone() {
    return new ThrongException(
        ErrorCode.STORE_FAILED,
        this
            + " was deleted outside Throng (restart Throng, which creates it and ingests the documents again)");
  }

  private static void writePage(JsonGenerator out, int offset, int limit) throws IOException {
    out.writeNumberField("offset", offset);
    out.writeNumberField("limit", limit);
  }

  private static void writeIncluded(JsonGenerator out, String... fields) throws IOException {
    out.writeArrayFieldStart("include");
    for (String field : fields) {
      out.writeString(field);
    }
    out.writeEndArray();
  }
}
