package dev.throng.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.CollectionRef;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.IngestQueue.DeletedCollection;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** /collections and /collections/{collection}: lists collections and deletes one. */
public final class CollectionsRoute {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Catalog catalog;
  private final IngestQueue queue;
  private final TenantResolver tenants;

  public CollectionsRoute(Catalog catalog, IngestQueue queue, TenantResolver tenants) {
    this.catalog = catalog;
    this.queue = queue;
    this.tenants = tenants;
  }

  /** GET: lists the tenant's collections. */
  void list(Exchange exchange) {
    String tenant = tenants.resolve(exchange.request());
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode collections = answer.putArray("collections");
    catalog.states().stream()
        .filter(CollectionState::isPublished)
        .filter(state -> state.ref().tenant().equals(tenant))
        .sorted(Comparator.comparing(state -> state.ref().name()))
        .forEach(state -> collections.add(json(state)));
    send(exchange, answer);
  }

  private static ObjectNode json(CollectionState state) {
    long chunks = state.byUri().values().stream().mapToLong(LiveDocument::chunkCount).sum();
    return JSON.createObjectNode()
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
  void delete(Exchange exchange) {
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    DeletedCollection deleted = queue.deleteCollection(ref);
    ObjectNode answer =
        JSON.createObjectNode()
            .put("collection", ref.name())
            .put("deleted", true)
            .put("documents", deleted.documents())
            .put("complete", deleted.removal().isComplete());
    if (!deleted.removal().left().isEmpty()) {
      answer.put("left", deleted.removal().left());
    }
    send(exchange, answer);
  }

  private static void send(Exchange exchange, ObjectNode answer) {
    exchange.sendJson(answer.toString().getBytes(StandardCharsets.UTF_8));
  }
}
