package dev.throng.store.chroma;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.config.ChromaConfig;
import dev.throng.config.Secret;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.http.StoreCall;
import dev.throng.store.http.StoreEndpoint;
import dev.throng.store.http.StoreHttp;
import dev.throng.store.http.StoreHttp.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One Chroma server: its version, tenants, databases and collections. */
final class ChromaServer implements AutoCloseable {
  static final String API = "api/v2/";

  private static final long MAX_RESPONSE_BYTES = 64L << 20;
  private static final Pattern SUPPORTED_VERSION = Pattern.compile("[1-9]\\d*\\..*");
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final List<Integer> ACCESS_DENIED = List.of(401, 403);
  private static final String SPEC_LANGUAGE = "throng-language";
  private static final String SPEC_EMBEDDER = "throng-embedder";
  private static final String SPEC_DIMENSION = "throng-dimension";

  private final ChromaConfig config;
  private final StoreHttp http;
  private volatile int maxWrite; // 0 until known

  ChromaServer(ChromaConfig config) {
    this.config = config;
    this.http =
        new StoreHttp(
            new StoreEndpoint(
                "chroma",
                config.url(),
                headers(config),
                config.caFile(),
                API + "heartbeat",
                config.connectTimeout(),
                config.timeout(),
                config.maxCalls(),
                MAX_RESPONSE_BYTES));
  }

  private static Map<String, Secret> headers(ChromaConfig config) {
    String token = config.token().value();
    if (token.isEmpty()) {
      return Map.of();
    }
    boolean isBearer = config.tokenHeader().equalsIgnoreCase("Authorization");
    return Map.of(config.tokenHeader(), new Secret(isBearer ? "Bearer " + token : token));
  }

  StoreHttp http() {
    return http;
  }

  ChromaConfig config() {
    return config;
  }

  /**
   * Returns the server's version.
   *
   * @throws ThrongException STORE_FAILED when the version is not supported, or access is denied
   */
  String version() {
    StoreCall call = StoreCall.get(API + "version");
    Reply reply = http.ask(call, StoreHttp.longRunning());
    if (ACCESS_DENIED.contains(reply.status())) {
      ThrongException refused = http.refused(call, reply);
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          refused.getMessage() + " (expected: a valid chroma.token)",
          refused);
    }
    String version = reply.body().asText();
    if (!reply.isSuccess() || !SUPPORTED_VERSION.matcher(version).matches()) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "chroma at %s: version \"%s\", status %d (expected: a Chroma server of version 1.0 or newer)"
              .formatted(config.url(), version, reply.status()));
    }
    return version;
  }

  /**
   * Returns the number of records in one write: as configured, or fewer if the server limits it.
   */
  int writeBatch() {
    if (maxWrite == 0) {
      version();
      int most =
          http.call(StoreCall.get(API + "pre-flight-checks"))
              .path("max_batch_size")
              .asInt(config.batches().writes());
      maxWrite = Math.max(1, Math.min(config.batches().writes(), most));
    }
    return maxWrite;
  }

  /**
   * Returns the id of the collection of one index, and creates the collection if it does not exist.
   * Several replicas may do so simultaneously: the server creates it for the first, and returns the
   * same one to the others.
   *
   * @throws ThrongException INDEX_MISMATCH
   */
  String open(CollectionRef ref, long indexNumber, IndexSpec spec) {
    writeBatch(); // fails before anything is created on an unusable server
    String name = name(ref, indexNumber);
    StoreCall make =
        StoreCall.repeatable(collections(ref), out -> writeNewCollection(out, name, spec));
    Reply reply = http.ask(make, StoreHttp.longRunning());
    if (!reply.isSuccess()) {
      makeDatabase(ref); // it may not exist yet
      reply = http.ask(make, StoreHttp.longRunning());
    }
    if (!reply.isSuccess()) {
      throw http.refused(make, reply);
    }
    check(name, reply.body(), spec);
    return reply.body().path("id").asText();
  }

  /** Deletes the collection of one index, if there is one. */
  void delete(CollectionRef ref, long indexNumber) {
    StoreCall call = StoreCall.delete(collections(ref) + "/" + name(ref, indexNumber), null);
    Reply reply = http.ask(call, StoreHttp.longRunning());
    if (!reply.isSuccess() && reply.status() != NOT_FOUND) {
      throw http.refused(call, reply);
    }
  }

  /** Returns the id that a collection has now; empty when there is none of this name. */
  Optional<String> find(CollectionRef ref, String name, IndexSpec spec) {
    StoreCall call = StoreCall.get(collections(ref) + "/" + name);
    Reply reply = http.ask(call, StoreHttp.longRunning());
    if (reply.status() == NOT_FOUND) {
      return Optional.empty();
    }
    if (!reply.isSuccess()) {
      throw http.refused(call, reply);
    }
    check(name, reply.body(), spec);
    return Optional.of(reply.body().path("id").asText());
  }

  /**
   * Returns the name of the collection of an index. Collection names contain no dot, so the names
   * of two indexes always differ.
   */
  static String name(CollectionRef ref, long indexNumber) {
    return "%s.g%d".formatted(ref.name(), indexNumber);
  }

  String collections(CollectionRef ref) {
    return databases(ref) + "/" + config.database() + "/collections";
  }

  @Override
  public void close() {
    http.close();
  }

  private String databases(CollectionRef ref) {
    return API + "tenants/" + tenant(ref) + "/databases";
  }

  private String tenant(CollectionRef ref) {
    return config.tenantPrefix() + ref.tenant();
  }

  private void makeDatabase(CollectionRef ref) {
    make(API + "tenants", tenant(ref));
    make(databases(ref), config.database());
  }

  private void make(String path, String name) {
    StoreCall call =
        StoreCall.repeatable(
            path,
            out -> {
              out.writeStartObject();
              out.writeStringField("name", name);
              out.writeEndObject();
            });
    Reply reply = http.ask(call, StoreHttp.longRunning());
    if (!reply.isSuccess() && reply.status() != CONFLICT) {
      throw http.refused(call, reply);
    }
  }

  private void writeNewCollection(JsonGenerator out, String name, IndexSpec spec)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeBooleanField("get_or_create", true);
    out.writeObjectFieldStart("configuration");
    out.writeObjectFieldStart("hnsw");
    out.writeStringField("space", "cosine");
    out.writeNumberField("max_neighbors", config.graph().maxNeighbors());
    out.writeNumberField("ef_construction", config.graph().efConstruction());
    out.writeNumberField("ef_search", config.graph().efSearch());
    out.writeEndObject();
    out.writeEndObject();
    out.writeObjectFieldStart("metadata");
    out.writeStringField(SPEC_LANGUAGE, spec.language());
    out.writeStringField(SPEC_EMBEDDER, spec.embedderId());
    out.writeNumberField(SPEC_DIMENSION, spec.dimension());
    out.writeEndObject();
    out.writeEndObject();
  }

  private void check(String name, JsonNode collection, IndexSpec spec) {
    JsonNode metadata = collection.path("metadata");
    String place = "the collection %s of chroma at %s".formatted(name, config.url());
    if (!metadata.hasNonNull(SPEC_EMBEDDER)) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          place + " was not made by Throng (expected: a chroma.database of Throng's own)");
    }
    String embedder = metadata.path(SPEC_EMBEDDER).asText();
    int dimension = metadata.path(SPEC_DIMENSION).asInt();
    checkSpec(place, embedder, dimension, spec);
  }

  /** Checks the spec, with the same message as for the index in the data folder. */
  static void checkSpec(String place, String embedder, int dimension, IndexSpec spec) {
    if (!embedder.equals(spec.embedderId()) || dimension != spec.dimension()) {
      throw new ThrongException(
          ErrorCode.INDEX_MISMATCH,
          "%s was made with %s (%d dimensions), the server is configured for %s (%d): "
                  .formatted(place, embedder, dimension, spec.embedderId(), spec.dimension())
              + "start with the former, or run `throng reindex`");
    }
  }
}
