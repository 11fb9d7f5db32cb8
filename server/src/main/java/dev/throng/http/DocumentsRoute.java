package dev.throng.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Blob;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.MetadataJson;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.http.Route.Access;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.IngestQueue.Upload;
import dev.throng.retrieval.DocumentFilter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** /collections/{collection}/documents: adds, replaces, deletes, shows and lists documents. */
public final class DocumentsRoute {
  private static final int ACCEPTED = 202;
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1_000;
  private static final int MAX_KEY_CHARS = 255;
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final IngestQueue queue;
  private final UploadReader uploads;
  private final Catalog catalog;
  private final TenantResolver tenants;
  private final InstantSource clock;

  public DocumentsRoute(
      IngestQueue queue, Catalog catalog, TenantResolver tenants, InstantSource clock) {
    this.queue = queue;
    this.uploads = new UploadReader(queue);
    this.catalog = catalog;
    this.tenants = tenants;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/collections/{collection}/documents", Access.CLIENT, this::list),
        Route.post("/collections/{collection}/documents", Access.CLIENT, this::post),
        Route.get("/collections/{collection}/documents/{id}", Access.CLIENT, this::get),
        Route.put("/collections/{collection}/documents/{id}", Access.CLIENT, this::put),
        Route.delete("/collections/{collection}/documents/{id}", Access.CLIENT, this::delete));
  }

  /** POST: accepts documents. It responds with 202 when their bytes and their jobs are durable. */
  private void post(Exchange exchange) {
    CollectionRef ref = collection(exchange, tenants);
    String key = idempotencyKey(exchange);
    try (Upload upload = queue.beginUpload(ref, key)) {
      accept(exchange, ref, uploads.read(exchange, upload), key);
    }
  }

  /** PUT: accepts new content for one document. */
  private void put(Exchange exchange) {
    CollectionRef ref = collection(exchange, tenants);
    String key = idempotencyKey(exchange);
    LiveDocument document = queue.document(ref, parameter(exchange, "id"));
    try (Upload upload = queue.beginUpload(ref, key)) {
      accept(exchange, ref, List.of(uploads.readOne(exchange, upload, document.uri())), key);
    }
  }

  private void accept(
      Exchange exchange, CollectionRef ref, List<DocumentSource> sources, @Nullable String key) {
    List<Job> jobs;
    try {
      jobs = queue.enqueue(ref, sources, key);
    } catch (ThrongException e) {
      queue.discard(sources);
      throw e;
    }
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("jobs");
    jobs.forEach(job -> list.add(JobJson.of(job, clock.instant())));
    if (jobs.size() == 1) {
      exchange.setHeader("Location", "/jobs/" + jobs.getFirst().id());
    }
    exchange.setStatus(ACCEPTED);
    exchange.sendJson(answer);
  }

  /** DELETE: deletes the document. When it responds, no search finds the document. */
  private void delete(Exchange exchange) {
    CollectionRef ref = collection(exchange, tenants);
    String id = parameter(exchange, "id");
    queue.delete(ref, id);
    exchange.sendJson(Json.object().put("document_id", id).put("deleted", true));
  }

  /** GET: shows one document. */
  private void get(Exchange exchange) {
    CollectionRef ref = collection(exchange, tenants);
    LiveDocument document = queue.document(ref, parameter(exchange, "id"));
    Blob original = catalog.originalOf(document).blob();
    ObjectNode node = json(document);
    node.put("bytes", original.bytes());
    node.put("original_kept", original.isKept());
    exchange.sendJson(node);
  }

  /** GET: lists live documents by uri, one page at a time. */
  private void list(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    DocumentFilter filter = query.filter("filter");
    String prefix = query.text("prefix", "");
    String after = query.text("after", "");
    int limit = query.integer("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    query.finish();
    CollectionState state = catalog.published(collection(exchange, tenants));
    List<LiveDocument> page =
        state.byUri().values().stream()
            .filter(document -> document.uri().startsWith(prefix))
            .filter(document -> document.uri().compareTo(after) > 0)
            .filter(filter::admits)
            .sorted(Comparator.comparing(LiveDocument::uri))
            .limit(limit + 1L)
            .toList();
    ObjectNode answer = Json.object();
    answer.put("total", state.byUri().size());
    answer.put("epoch", state.epoch());
    ArrayNode documents = answer.putArray("documents");
    page.stream().limit(limit).forEach(document -> documents.add(json(document)));
    if (page.size() > limit) {
      answer.put("next", page.get(limit - 1).uri());
    }
    exchange.sendJson(answer);
  }

  private static ObjectNode json(LiveDocument document) {
    ObjectNode node = Json.object();
    node.put("id", document.id());
    node.put("uri", document.uri());
    node.put("title", document.title());
    node.put("version", document.version());
    node.set("metadata", MetadataJson.write(document.metadata()));
    Instant modifiedAt = document.modifiedAt();
    if (modifiedAt != null) {
      node.put("modified_at", modifiedAt.toString());
    }
    node.put("chunks", document.chunkCount());
    return node;
  }

  /**
   * Returns the collection in the path, within the tenant of the request.
   *
   * @throws ThrongException INVALID_FIELD, INVALID_TENANT
   */
  public static CollectionRef collection(Exchange exchange, TenantResolver tenants) {
    String name = parameter(exchange, "collection");
    if (!CollectionRef.isName(name)) {
      throw ThrongException.invalidField("collection", name, CollectionRef.NAME_RULE);
    }
    return new CollectionRef(tenants.resolve(exchange), name);
  }

  static String parameter(Exchange exchange, String name) {
    return exchange.pathParameter(name);
  }

  /** Returns the request's Idempotency-Key, or null. */
  public static @Nullable String idempotencyKey(Exchange exchange) {
    String key = exchange.header(IDEMPOTENCY_KEY).orElse(null);
    if (key != null && (key.isBlank() || key.length() > MAX_KEY_CHARS)) {
      throw ThrongException.invalidField(
          "Idempotency-Key", "\"" + key + "\"", "1 to %d characters".formatted(MAX_KEY_CHARS));
    }
    return key;
  }
}
