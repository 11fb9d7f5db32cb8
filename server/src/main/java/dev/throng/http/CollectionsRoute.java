package dev.throng.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.CollectionRef;
import dev.throng.http.Route.Access;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.IngestQueue.DeletedCollection;
import java.util.Comparator;
import java.util.List;

/** /collections and /collections/{collection}: lists collections and deletes one. */
public final class CollectionsRoute {
  private final Catalog catalog;
  private final IngestQueue queue;
  private final TenantResolver tenants;

  public CollectionsRoute(Catalog catalog, IngestQueue queue, TenantResolver tenants) {
    this.catalog = catalog;
    this.queue = queue;
    this.tenants = tenants;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/collections", Access.CLIENT, this::list),
        Route.delete("/collections/{collection}", Access.CLIENT, this::delete));
  }

  /** GET: lists the tenant's collections. */
  private void list(Exchange exchange) {
    String tenant = tenants.resolve(exchange);
    ObjectNode answer = Json.object();
    ArrayNode collections = answer.putArray("collections");
    catalog.states().stream()
        .filter(CollectionState::isPublished)
        .filter(state -> state.ref().tenant().equals(tenant))
        .sorted(Comparator.comparing(state -> state.ref().name()))
        .forEach(state -> collections.add(json(state)));
    exchange.sendJson(answer);
  }

  private static ObjectNode json(CollectionState state) {
    long chunks = state.byUri().values().stream().mapToLong(LiveDocument::chunkCount).sum();
    return Json.object()
        .put("name", state.ref().name())
        .put("documents", state.byUri().size())
        .put("chunks", chunks)
        .put("language", state.spec().language())
        .put("embedder", state.spec().embedderId())
        .put("epoch", state.epoch());
  }

  /**
   * DELETE: deletes the collection. When it responds, no search finds anything in the collection.
   */
  private void delete(Exchange exchange) {
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    DeletedCollection deleted = queue.deleteCollection(ref);
    ObjectNode answer =
        Json.object()
            .put("collection", ref.name())
            .put("deleted", true)
            .put("documents", deleted.documents())
            .put("complete", deleted.removal().isComplete());
    if (!deleted.removal().left().isEmpty()) {
      answer.put("left", deleted.removal().left());
    }
    exchange.sendJson(answer);
  }
}
