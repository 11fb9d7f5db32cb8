package dev.throng.http.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.core.CollectionRef;
import dev.throng.http.Exchange;
import dev.throng.http.JobJson;
import dev.throng.http.JsonFields;
import dev.throng.http.QueryParameters;
import dev.throng.http.TenantResolver;
import dev.throng.reindex.ReindexQueue;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The indexes of a collection: lists them, and builds another one. */
public final class ReindexRoute {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_BODY_BYTES = 1 << 16;

  private final ReindexQueue queue;
  private final Catalog catalog;
  private final TenantResolver tenants;
  private final String defaultCollection;
  private final InstantSource clock;

  public ReindexRoute(
      ReindexQueue queue,
      Catalog catalog,
      TenantResolver tenants,
      String defaultCollection,
      InstantSource clock) {
    this.queue = queue;
    this.catalog = catalog;
    this.tenants = tenants;
    this.defaultCollection = defaultCollection;
    this.clock = clock;
  }

  /** POST /admin/reindex: reads {@code {"collection"?, "embedder"?}}. */
  public void begin(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    CollectionRef ref =
        tenants.collection(exchange.request(), fields.text("collection").orElse(defaultCollection));
    @Nullable String embedder = fields.text("embedder").orElse(null);
    fields.finish();
    JobJson.accept(exchange, queue.begin(ref, embedder), clock.instant());
  }

  /** POST /admin/reindex/rollback: reads {@code {"collection"?}}. */
  public void rollBack(Exchange exchange) {
    JobJson.accept(exchange, queue.rollBack(named(exchange)), clock.instant());
  }

  /** POST /admin/reindex/discard: reads {@code {"collection"?}}. */
  public void discard(Exchange exchange) {
    CollectionRef ref = named(exchange);
    queue.discard(ref);
    send(exchange, status(ref));
  }

  /** GET /admin/reindex?collection=NAME. */
  public void status(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange.request());
    String name = query.text("collection", defaultCollection);
    query.finish();
    send(exchange, status(tenants.collection(exchange.request(), name)));
  }

  private ObjectNode status(CollectionRef ref) {
    CollectionState state = catalog.state(ref);
    ObjectNode answer = JSON.createObjectNode().put("collection", ref.name());
    ObjectNode live = answer.putObject("live").put("index", state.indexNumber());
    put(live, state.spec()).put("documents", state.byVersion().size());
    ArrayNode others = answer.putArray("others");
    queue
        .indexes(ref)
        .forEach(index -> {
          ObjectNode node = others.addObject().put("index", index.number());
          put(node, index.spec())
              .put("documents", index.documents())
              .put("state", index.state().code())
              .put("since", index.since().toString());
        });
    queue.open(ref).ifPresent(job -> answer.set("job", JobJson.of(job, clock.instant())));
    return answer;
  }

  private static ObjectNode put(ObjectNode node, CollectionSpec spec) {
    return node.put("embedder", spec.embedderId()).put("dimension", spec.dimension());
  }

  private CollectionRef named(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    String name = fields.text("collection").orElse(defaultCollection);
    fields.finish();
    return tenants.collection(exchange.request(), name);
  }

  private static void send(Exchange exchange, ObjectNode answer) {
    exchange.sendJson(answer.toString().getBytes(StandardCharsets.UTF_8));
  }
}
