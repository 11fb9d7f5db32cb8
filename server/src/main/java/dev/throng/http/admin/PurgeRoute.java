package dev.throng.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.CollectionState;
import dev.throng.http.Exchange;
import dev.throng.http.Json;
import dev.throng.http.JsonFields;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import dev.throng.http.TenantResolver;
import dev.throng.janitor.PlaceCheck;
import dev.throng.janitor.Purge;
import dev.throng.janitor.SoughtTokens;
import dev.throng.janitor.Verification;
import java.util.List;

/**
 * POST /admin/purge: purges what is left of deleted documents. POST /admin/purge/verify: searches
 * for texts wherever words of documents are stored.
 */
public final class PurgeRoute {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Purge purge;
  private final Verification verification;
  private final TenantResolver tenants;

  public PurgeRoute(Purge purge, Verification verification, TenantResolver tenants) {
    this.purge = purge;
    this.verification = verification;
    this.tenants = tenants;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/admin/purge", Access.OPERATOR, this::purge),
        Route.post("/admin/purge/verify", Access.OPERATOR, this::verify));
  }

  /** Reads {@code {}} for all collections of all tenants, or {@code {"collection": NAME}}. */
  private void purge(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    String name = fields.text("collection").orElse("");
    boolean isAll = !fields.has("collection");
    fields.finish();
    Purge.Report report = isAll ? purge.all() : purge.one(tenants.collection(exchange, name));
    exchange.sendJson(response(report));
  }

  private static ObjectNode response(Purge.Report report) {
    ObjectNode response = Json.object().put("complete", report.failures().isEmpty());
    ArrayNode collections = response.putArray("collections");
    for (CollectionState state : report.collections()) {
      collections
          .addObject()
          .put("tenant", state.ref().tenant())
          .put("name", state.ref().name())
          .put("epoch", state.epoch());
    }
    ArrayNode places = response.putArray("places");
    for (Purge.PurgedPlace place : report.places()) {
      ObjectNode entry =
          places
              .addObject()
              .put("place", place.name())
              .put("removed", place.removed())
              .put("unit", place.unit());
      if (!place.left().isEmpty()) {
        entry.put("left", place.left());
      }
    }
    report.failures().forEach(response.putArray("failures")::add);
    return response;
  }

  /**
   * Reads {@code {"tokens": [...]}}. The response identifies them by their position in the list,
   * from 1.
   */
  private void verify(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    List<String> tokens = fields.texts("tokens").orElse(List.of());
    fields.finish();
    Verification.Report report = verification.run(SoughtTokens.of(tokens));
    ObjectNode response =
        Json.object().put("clean", report.isClean()).put("complete", report.isComplete());
    ArrayNode places = response.putArray("places");
    report.checks().forEach(check -> appendPlace(check, check.place(), places));
    report.otherReplicas().forEach(response.putArray("other_replicas")::add);
    exchange.sendJson(response);
  }

  /** Appends a place to the report of a verification. */
  public static void appendPlace(PlaceCheck check, String name, ArrayNode places) {
    ObjectNode entry =
        places
            .addObject()
            .put("place", name)
            .put("looked_at", check.lookedAt())
            .put("unit", check.unit());
    check.found().forEach(entry.putArray("found")::add);
    if (!check.failure().isEmpty()) {
      entry.put("failure", check.failure());
    }
  }
}
