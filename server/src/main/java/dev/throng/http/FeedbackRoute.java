package dev.throng.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.Feedback;
import dev.throng.catalog.Feedback.Entry;
import dev.throng.catalog.Feedback.Rating;
import dev.throng.catalog.Feedback.Said;
import dev.throng.catalog.LiveDocument;
import dev.throng.config.FeedbackConfig;
import dev.throng.config.ServerConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import dev.throng.http.Route.Access;
import dev.throng.observe.FeedbackMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * POST /feedback: what a user says about an answer. DELETE /feedback/{id}: takes it back. GET
 * /admin/feedback: lists what users said.
 */
public final class FeedbackRoute {
  private static final int CREATED = 201;
  private static final int MAX_BODY_BYTES = 1 << 17;
  private static final int MAX_COMMENT_CHARS = 2_000;
  private static final int MAX_DOCUMENTS = 100;
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1_000;
  private static final String ID_FORM = "[A-Za-z0-9_-]{1,64}";

  private final Catalog catalog;
  private final Feedback feedback;
  private final FeedbackConfig config;
  private final int maxQuestionChars;
  private final String defaultCollection;
  private final TenantResolver tenants;
  private final Ids ids;
  private final FeedbackMetrics metrics;

  /**
   * Creates the routes.
   *
   * @param defaultCollection the collection of a request that names none
   */
  public FeedbackRoute(
      Catalog catalog,
      FeedbackConfig config,
      ServerConfig server,
      String defaultCollection,
      TenantResolver tenants,
      Ids ids,
      FeedbackMetrics metrics) {
    this.catalog = catalog;
    this.feedback = catalog.feedback();
    this.config = config;
    this.maxQuestionChars = server.requests().maxQueryChars();
    this.defaultCollection = defaultCollection;
    this.tenants = tenants;
    this.ids = ids;
    this.metrics = metrics;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/feedback", Access.QUESTION, this::add),
        Route.delete("/feedback/{id}", Access.CLIENT, this::delete),
        Route.get("/admin/feedback", Access.OPERATOR, this::list));
  }

  private void add(Exchange exchange) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    CollectionRef ref =
        tenants.collection(exchange, fields.text("collection").orElse(defaultCollection));
    List<String> helpful = documents(fields, "helpful");
    Said said =
        new Said(
            ids.next(),
            answerId(fields),
            rating(fields),
            bounded(fields, "query", maxQuestionChars),
            bounded(fields, "comment", MAX_COMMENT_CHARS),
            Stream.concat(documents(fields, "documents").stream(), helpful.stream())
                .distinct()
                .toList(),
            helpful);
    fields.finish();
    feedback.add(ref, said, config.maxEntries());
    metrics.rated(said.rating() == Rating.UP);
    exchange.setStatus(CREATED);
    exchange.sendJson(Json.object().put("id", said.id()));
  }

  private static String answerId(JsonFields fields) {
    String id = fields.text("answer_id").orElse("");
    if (!id.matches(ID_FORM)) {
      throw ThrongException.invalidField(
          "answer_id", JsonFields.shortened(id), "the `answer_id` of an answer");
    }
    return id;
  }

  private static Rating rating(JsonFields fields) {
    String rating = fields.text("rating").orElse("");
    for (Rating known : Rating.values()) {
      if (known.code().equals(rating)) {
        return known;
      }
    }
    throw ThrongException.invalidField(
        "rating", "\"" + JsonFields.shortened(rating) + "\"", "up or down");
  }

  private static String bounded(JsonFields fields, String name, int maxChars) {
    String text = fields.text(name).orElse("").strip();
    if (text.length() > maxChars) {
      throw ThrongException.invalidField(
          name, text.length() + " characters", "at most " + maxChars);
    }
    return text;
  }

  private static List<String> documents(JsonFields fields, String name) {
    List<String> ids = fields.texts(name).orElse(List.of());
    if (ids.size() > MAX_DOCUMENTS || !ids.stream().allMatch(id -> id.matches(ID_FORM))) {
      throw ThrongException.invalidField(
          name,
          ids.size() + " texts",
          "at most %d values of `document_id`".formatted(MAX_DOCUMENTS));
    }
    return ids.stream().distinct().toList();
  }

  private void delete(Exchange exchange) {
    String id = DocumentsRoute.parameter(exchange, "id");
    if (!feedback.delete(tenants.resolve(exchange), id)) {
      throw new ThrongException(ErrorCode.UNKNOWN_FEEDBACK, "feedback \"%.64s\"".formatted(id));
    }
    exchange.sendJson(Json.object().put("id", id).put("deleted", true));
  }

  /** GET: lists the newest first, one page at a time. */
  private void list(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    String collection = query.text("collection", "");
    long before = query.number("before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
    int limit = query.integer("limit", DEFAULT_PAGE, 1, MAX_PAGE);
    query.finish();
    String tenant =
        collection.isEmpty()
            ? tenants.resolve(exchange)
            : tenants.collection(exchange, collection).tenant();
    List<Entry> page = feedback.list(tenant, collection, before, limit);
    Map<CollectionRef, Map<String, String>> uris = new HashMap<>();
    ObjectNode answer = Json.object();
    ArrayNode entries = answer.putArray("feedback");
    page.forEach(entry ->
        write(
            entries.addObject(), entry, uris.computeIfAbsent(entry.collection(), this::urisById)));
    if (page.size() == limit) {
      answer.put("next", page.getLast().number());
    }
    exchange.sendJson(answer);
  }

  private Map<String, String> urisById(CollectionRef ref) {
    return catalog
        .find(ref)
        .map(state ->
            state.byUri().values().stream()
                .collect(Collectors.toMap(LiveDocument::id, LiveDocument::uri)))
        .orElse(Map.of());
  }

  /** Names documents by their uris; those that are no longer live are left out. */
  private static void write(ObjectNode node, Entry entry, Map<String, String> uris) {
    Said said = entry.said();
    node.put("id", said.id())
        .put("collection", entry.collection().name())
        .put("answer_id", said.answerId())
        .put("rating", said.rating().code())
        .put("query", said.question())
        .put("comment", said.comment());
    ArrayNode documents = node.putArray("documents");
    said.documents().stream().filter(uris::containsKey).map(uris::get).forEach(documents::add);
    ArrayNode helpful = node.putArray("helpful");
    said.helpful().stream().filter(uris::containsKey).map(uris::get).forEach(helpful::add);
    node.put("created_at", entry.at().toString());
  }
}
