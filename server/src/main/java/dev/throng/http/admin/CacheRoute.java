package dev.throng.http.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.answer.CacheAdministration;
import dev.throng.answer.CacheAdministration.Invalidated;
import dev.throng.answer.Inspection;
import dev.throng.answer.Question;
import dev.throng.cache.TierStats;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.InvalidationTarget;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.http.Exchange;
import dev.throng.http.Json;
import dev.throng.http.JsonFields;
import dev.throng.http.QuestionReader;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import dev.throng.http.TenantResolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * POST /admin/cache/invalidate: makes answers unusable for all replicas. GET /admin/cache/stats:
 * shows what each tier holds. POST /admin/cache/inspect: shows what the cache would do with a
 * question, and why.
 */
public final class CacheRoute {
  private static final int MAX_BODY_BYTES = 1 << 16;
  private static final String ONE_OF = "exactly one of all, collection, document, query";

  private final CacheAdministration cache;
  private final QuestionReader questions;
  private final TenantResolver tenants;
  private final InstantSource clock;

  public CacheRoute(
      CacheAdministration cache,
      QuestionReader questions,
      TenantResolver tenants,
      InstantSource clock) {
    this.cache = cache;
    this.questions = questions;
    this.tenants = tenants;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/admin/cache/stats", Access.OPERATOR, this::stats),
        Route.post("/admin/cache/inspect", Access.OPERATOR, this::inspect),
        Route.post("/admin/cache/invalidate", Access.OPERATOR, this::invalidate));
  }

  /** Reads {@code {"all": true}}, a collection with or without a document, or a question. */
  private void invalidate(Exchange exchange) {
    Invalidated done = cache.invalidate(target(exchange, exchange.readJson(MAX_BODY_BYTES)));
    ObjectNode answer = Json.object().put("scope", scope(done.target()));
    var collections = answer.putArray("collections");
    for (CollectionState state : done.collections()) {
      collections
          .addObject()
          .put("tenant", state.ref().tenant())
          .put("name", state.ref().name())
          .put("epoch", state.epoch());
    }
    var tiers = answer.putArray("tiers");
    tiers.addObject().put("tier", "process").put("forgotten", done.forgotten());
    cache.stats().stream()
        .skip(1) // the local tier
        .forEach(shared -> tiers.addObject().put("tier", shared.tier()).put("unusable", true));
    exchange.sendJson(answer);
  }

  private static String scope(InvalidationTarget target) {
    return switch (target) {
      case InvalidationTarget.All _ -> "all";
      case InvalidationTarget.Collection _ -> "collection";
      case InvalidationTarget.Document _ -> "document";
      case InvalidationTarget.Question _ -> "question";
    };
  }

  private InvalidationTarget target(Exchange exchange, byte[] body) {
    JsonFields fields = JsonFields.parse(body);
    if (fields.has("query")) {
      Question question = questions.read(exchange, body);
      return new InvalidationTarget.Question(question.collection(), question.textHash());
    }
    boolean isAll = fields.flag("all");
    String collection = fields.text("collection").orElse("");
    String document = fields.text("document").orElse("");
    fields.finish();
    if (isAll) {
      if (!collection.isEmpty() || !document.isEmpty()) {
        throw ThrongException.invalidField(
            "all", "given together with collection or document", ONE_OF);
      }
      return new InvalidationTarget.All();
    }
    if (!CollectionRef.isName(collection)) {
      throw ThrongException.invalidField("collection", "\"%.70s\"".formatted(collection), ONE_OF);
    }
    CollectionRef ref = new CollectionRef(tenants.resolve(exchange), collection);
    return document.isEmpty()
        ? new InvalidationTarget.Collection(ref)
        : cache.documentAt(ref, document);
  }

  private void stats(Exchange exchange) {
    ObjectNode answer = Json.object();
    var tiers = answer.putArray("tiers");
    for (TierStats stats : cache.stats()) {
      ObjectNode tier =
          tiers.addObject().put("tier", stats.tier()).put("used", stats.isAvailable());
      putIfKnown(tier, "entries", stats.entries());
      putIfKnown(tier, "bytes", stats.bytes());
      tier.put("hits", stats.hits()).put("misses", stats.misses());
      long looks = stats.hits() + stats.misses();
      if (looks > 0) {
        tier.put("hit_rate", (double) stats.hits() / looks);
      }
      tier.put("failures", stats.failures())
          .put("skipped", stats.skipped())
          .put("unreadable", stats.unreadable());
      putIfKnown(tier, "evictions", stats.evictions());
    }
    answer.put("flights", cache.flightCount());
    exchange.sendJson(answer);
  }

  private static void putIfKnown(ObjectNode tier, String name, long value) {
    if (value != TierStats.UNKNOWN) {
      tier.put(name, value);
    }
  }

  private void inspect(Exchange exchange) {
    Inspection found = cache.inspect(questions.read(exchange, exchange.readJson(MAX_BODY_BYTES)));
    ObjectNode answer =
        Json.object()
            .put("key", found.key().hash().hex())
            .put("epoch", found.epoch())
            .put("outcome", found.outcome());
    if (found.fingerprint() != null) {
      answer.put("fingerprint", found.fingerprint().hash().hex());
    }
    answer.put("stale_possible", found.canBeStale());
    var tiers = answer.putArray("tiers");
    for (Inspection.Held held : found.tiers()) {
      ObjectNode tier =
          tiers
              .addObject()
              .put("tier", held.tier())
              .put("hit", held.reason() == Inspection.Reason.CURRENT)
              .put("reason", held.reason().name().toLowerCase(Locale.ROOT));
      if (held.entry() != null) {
        put(tier, held.entry());
      }
    }
    exchange.sendJson(answer);
  }

  private void put(ObjectNode tier, ValidatedAnswer entry) {
    tier.put("answer_id", entry.answer().answerId()).put("epoch", entry.epoch());
    AnswerOrigin origin = entry.origin();
    if (origin != null) {
      if (origin.fingerprint() != null) {
        tier.put("fingerprint", origin.fingerprint().hash().hex());
      }
      tier.put("age", Duration.between(origin.validatedAt(), clock.instant()).toMillis() / 1e3);
    }
    List<String> documents =
        entry.sources().stream().map(source -> source.passage().uri()).distinct().toList();
    documents.forEach(tier.putArray("documents")::add);
  }
}
