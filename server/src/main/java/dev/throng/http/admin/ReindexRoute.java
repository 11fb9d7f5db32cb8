package dev.throng.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.core.CollectionRef;
import dev.throng.http.Exchange;
import dev.throng.http.JobJson;
import dev.throng.http.Json;
import dev.throng.http.JsonFields;
import dev.throng.http.QueryParameters;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import dev.throng.http.TenantResolver;
import dev.throng.reindex.ReindexQueue;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The indexes of a collection: lists them, and builds another one. */
public final class ReindexRoute {
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

  public List<Route> routes() {
    return List.of(
        Route.get("/admin/reindex", Access.OPERATOR, this::status),
        Route.post("/admin/reindex", Access.OPERATOR, this::begin),
        Route.post("/admin/reindex/rollback", Access.OPERATOR, this::rollBack),
        Route.post("/admin/reindex/discard", Access.OPERATOR, this::discard));
  }

  /** POST /admin/reindex: reads {@code {"collection"?, "embedder"?}}. */
  private void begin(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    CollectionRef ref =
        tenants.collection(exchange, fields.text("collection").orElse(defaultCollection));
    @Nullable String embedder = fields.text("embedder").orElse(null);
    fields.finish();
    JobJson.accept(exchange, queue.begin(ref, embedder), clock.instant());
  }

  /** POST /admin/reindex/rollback: reads {@code {"collection"?}}. */
  private void rollBack(Exchange exchange) {
    JobJson.accept(exchange, queue.rollBack(named(exchange)), clock.instant());
  }

  /** POST /admin/reindex/discard: reads {@code {"collection"?}}. */
  private void discard(Exchange exchange) {
    CollectionRef ref = named(exchange);
    queue.discard(ref);
    exchange.sendJson(status(ref));
  }

  /** GET /admin/reindex?collection=NAME. */
  private void status(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    String name = query.text("collection", defaultCollection);
    query.finish();
    exchange.sendJson(status(tenants.collection(exchange, name)));
  }

  private ObjectNode status(CollectionRef ref) {
    CollectionState state = catalog.state(ref);
    ObjectNode answer = Json.object().put("collection", ref.name());
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
    return tenants.collection(exchange, name);
  }
}
