package dev.throng.store.weaviate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.throng.config.WeaviateConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.http.StoreCall;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds or creates the class and the tenant of an index. Several replicas may do so simultaneously:
 * what exists already counts as created.
 */
final class IndexSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Time for a new class to become known to all nodes. */
  private static final Duration SPREAD_TIMEOUT = Duration.ofSeconds(10);

  private static final int EF_CONSTRUCTION = 128;
  private static final int MAX_CONNECTIONS = 32;
  private static final double BM25_K1 = 1.2;
  private static final double BM25_B = 0.75;

  private final Cluster cluster;
  private final WeaviateConfig config;

  IndexSchema(Cluster cluster, WeaviateConfig config) {
    this.cluster = cluster;
    this.config = config;
  }

  /**
   * Returns the location of an index, and creates it if necessary.
   *
   * @throws ThrongException INDEX_MISMATCH when the tenant has this index with another spec
   */
  IndexPlace place(CollectionRef ref, long indexNumber, IndexSpec spec) {
    String name = ClassName.of(config.prefix(), ref.name(), indexNumber, spec);
    if (!hasTenant(name, ref.tenant())) {
      checkOthers(name, ref, indexNumber, spec);
      make(name, ref, indexNumber, spec);
    }
    JsonNode made = cluster.schema("/" + name);
    addMissingProperties(name, made.path("properties"));
    boolean isReplicated = made.at("/replicationConfig/factor").asInt() > 1;
    return new IndexPlace(name, ref.tenant(), isReplicated ? config.readConsistency() : null);
  }

  /** Adds what classes of earlier releases lack, because a query that names it fails otherwise. */
  private void addMissingProperties(String className, JsonNode properties) {
    Set<String> present = new HashSet<>();
    properties.forEach(property -> present.add(property.path("name").asText()));
    for (String name : ChunkObjects.ADDED_PROPERTIES) {
      if (!present.contains(name)) {
        cluster.write(
            StoreCall.repeatable(
                "v1/schema/%s/properties".formatted(className),
                out -> ChunkObjects.writeAddedProperty(out, name)));
      }
    }
  }

  /** Deletes the tenant from the class of this index. The class stays for other tenants. */
  void drop(CollectionRef ref, long indexNumber, IndexSpec spec) {
    String name = ClassName.of(config.prefix(), ref.name(), indexNumber, spec);
    if (hasTenant(name, ref.tenant())) {
      cluster.write(
          StoreCall.delete(
              "v1/schema/%s/tenants".formatted(name),
              out -> {
                out.writeStartArray();
                out.writeString(ref.tenant());
                out.writeEndArray();
              }));
    }
  }

  private boolean hasTenant(String className, String tenant) {
    return cluster.hasSchema("/" + className) && cluster.hasSchema(tenantPath(className, tenant));
  }

  private static String tenantPath(String className, String tenant) {
    return "/%s/tenants/%s".formatted(className, tenant);
  }

  private void checkOthers(String own, CollectionRef ref, long indexNumber, IndexSpec spec) {
    String stem = ClassName.ofIndex(config.prefix(), ref.name(), indexNumber);
    for (JsonNode other : cluster.schema("").path("classes")) {
      String name = other.path("class").asText();
      boolean isOther = name.startsWith(stem) && !name.equals(own);
      if (isOther && cluster.hasSchema(tenantPath(name, ref.tenant()))) {
        JsonNode made = description(other);
        throw new ThrongException(
            ErrorCode.INDEX_MISMATCH,
            "weaviate's class %s was made with %s (%d dimensions, language %s), the server is configured for %s (%d, %s): "
                    .formatted(
                        name,
                        made.path("embedder").asText("?"),
                        made.path("dimension").asInt(),
                        made.path("language").asText("?"),
                        spec.embedderId(),
                        spec.dimension(),
                        spec.language())
                + "start with the former, or run `throng reindex`");
      }
    }
  }

  private static JsonNode description(JsonNode schema) {
    try {
      return JSON.readTree(schema.path("description").asText());
    } catch (JacksonException e) {
      return MissingNode.getInstance(); // edited by hand
    }
  }

  private void make(String name, CollectionRef ref, long indexNumber, IndexSpec spec) {
    if (!cluster.hasSchema("/" + name)) {
      post("", "/" + name, out -> writeClass(out, name, ref, indexNumber, spec));
    }
    post(
        "/%s/tenants".formatted(name),
        tenantPath(name, ref.tenant()),
        out -> {
          out.writeStartArray();
          out.writeStartObject();
          out.writeStringField("name", ref.tenant());
          out.writeEndObject();
          out.writeEndArray();
        });
    awaitEverywhere(new IndexPlace(name, ref.tenant(), null));
  }

  /**
   * Creates something, unless another replica has just done so. Weaviate refuses that with a
   * specific message.
   */
  private void post(String path, String made, StoreCall.Body body) {
    try {
      cluster.write(StoreCall.repeatable("v1/schema" + path, body));
    } catch (ThrongException e) {
      if (e.code() != ErrorCode.STORE_FAILED || !cluster.hasSchema(made)) {
        throw e;
      }
    }
  }

  /**
   * Waits until all nodes know the class. The leader knows it first, but a search may go to any
   * node.
   */
  private void awaitEverywhere(IndexPlace place) {
    Deadline deadline = Deadline.after(Ticker.system(), SPREAD_TIMEOUT);
    String query = place.get("limit:1", "_additional{id}");
    for (Node node : cluster.inUse()) {
      while (!knows(node, query, deadline)) {
        Pause.of(Pause.SHORT, deadline);
      }
    }
  }

  private static boolean knows(Node node, String query, Deadline deadline) {
    try {
      node.query(query, deadline);
      return true;
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.STORE_FAILED && !deadline.hasPassed()) {
        return false;
      }
      return true; // searches will detect it
    }
  }

  private void writeClass(
      JsonGenerator out, String name, CollectionRef ref, long indexNumber, IndexSpec spec)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("class", name);
    out.writeStringField("description", description(ref, indexNumber, spec));
    out.writeStringField("vectorizer", "none");
    out.writeStringField("vectorIndexType", "hnsw");
    out.writeObjectFieldStart("vectorIndexConfig");
    out.writeStringField("distance", "cosine");
    out.writeNumberField("efConstruction", EF_CONSTRUCTION);
    out.writeNumberField("maxConnections", MAX_CONNECTIONS);
    out.writeEndObject();
    out.writeObjectFieldStart("invertedIndexConfig");
    out.writeObjectFieldStart("bm25");
    out.writeNumberField("k1", BM25_K1);
    out.writeNumberField("b", BM25_B);
    out.writeEndObject();
    out.writeObjectFieldStart("stopwords");
    out.writeStringField("preset", "none");
    out.writeEndObject();
    out.writeEndObject();
    out.writeObjectFieldStart("multiTenancyConfig");
    out.writeBooleanField("enabled", true);
    out.writeEndObject();
    writeReplication(out);
    ChunkObjects.writeProperties(out);
    out.writeEndObject();
  }

  /**
   * Writes the replication settings: a node that missed writes gets them from the others, and a
   * deleted chunk never reappears.
   */
  private void writeReplication(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("replicationConfig");
    out.writeNumberField("factor", config.replicationFactor());
    out.writeBooleanField("asyncEnabled", config.replicationFactor() > 1);
    out.writeStringField("deletionStrategy", "DeleteOnConflict");
    out.writeEndObject();
  }

  private static String description(CollectionRef ref, long indexNumber, IndexSpec spec) {
    return JSON.createObjectNode()
        .put("collection", ref.name())
        .put("indexNumber", indexNumber)
        .put("language", spec.language())
        .put("embedder", spec.embedderId())
        .put("dimension", spec.dimension())
        .toString();
  }
}
