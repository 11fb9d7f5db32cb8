package dev.throng.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.throng.answer.PassageSearch;
import dev.throng.core.Carriers;
import dev.throng.core.Deadline;
import dev.throng.core.Futures;
import dev.throng.core.MemoryBudget;
import dev.throng.core.Passage;
import dev.throng.core.Ticker;
import dev.throng.http.Route.Access;
import dev.throng.retrieval.Retrieved;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** POST /search: returns passages for one question or several, without an answer. */
public final class SearchRoute {
  /** Bytes of a chunk with its title, name and headings, and of their JSON. */
  private static final int BYTES_PER_PASSAGE = 1 << 13;

  private static final double HEAP_SHARE = 0.1;

  /** A number of passages that takes less than a millisecond to encode. */
  private static final int PASSAGES_PER_YIELD = 50;

  private final MemoryBudget memory = MemoryBudget.ofHeap(HEAP_SHARE);
  private final PassageSearch search;
  private final TenantResolver tenants;
  private final QueryRequest.Rules rules;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("search-", 0).factory());

  public SearchRoute(PassageSearch search, TenantResolver tenants, QuestionReader questions) {
    this.search = search;
    this.tenants = tenants;
    this.rules = questions.rules();
  }

  public List<Route> routes() {
    return List.of(Route.post("/search", Access.QUESTION, this::handle));
  }

  private void handle(Exchange exchange) {
    QueryRequest request =
        QueryRequest.forSearch(
            exchange.readJson(rules.server().requests().maxBytes()),
            tenants.resolve(exchange),
            rules);
    Deadline deadline = Deadline.after(Ticker.system(), rules.answer().timeout());
    long passages = (long) request.queries().size() * request.topK();
    // Reserved until the client has received the response, because it may read slowly.
    try (var _ = memory.reserve(passages * BYTES_PER_PASSAGE, deadline)) {
      if (request.isBatch()) {
        List<Retrieved> found = searchAll(request, deadline);
        exchange.streamJson(json -> writeBatch(json, exchange, request, found));
      } else {
        Retrieved found = search(request, request.queries().getFirst(), deadline);
        exchange.sendJson(Json.write(json -> writeOne(json, exchange, request, found)));
      }
    }
  }

  private Retrieved search(QueryRequest request, String query, Deadline deadline) {
    return search.search(request.collection(), query, request.topK(), request.filter(), deadline);
  }

  /** Runs all searches simultaneously. They queue like the searches of other requests. */
  private List<Retrieved> searchAll(QueryRequest request, Deadline deadline) {
    List<Future<Retrieved>> pending = new ArrayList<>();
    for (String query : request.queries()) {
      pending.add(threads.submit(() -> search(request, query, deadline)));
    }
    List<Retrieved> found = new ArrayList<>();
    try {
      for (Future<Retrieved> result : pending) {
        found.add(Futures.join(result, "searching"));
      }
      return found;
    } finally {
      pending.forEach(result -> result.cancel(true)); // has no effect on completed searches
    }
  }

  private void writeOne(
      JsonGenerator json, Exchange exchange, QueryRequest request, Retrieved found)
      throws IOException {
    beginResponse(json, exchange, request);
    json.writeFieldName("results");
    writePassages(json, request.queries().getFirst(), found.passages());
    json.writeEndObject();
  }

  private void writeBatch(
      JsonGenerator json, Exchange exchange, QueryRequest request, List<Retrieved> found)
      throws IOException {
    beginResponse(json, exchange, request);
    json.writeArrayFieldStart("searches");
    for (int i = 0; i < found.size(); i++) {
      json.writeStartObject();
      json.writeStringField("query", request.queries().get(i));
      json.writeFieldName("results");
      writePassages(json, request.queries().get(i), found.get(i).passages());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void beginResponse(JsonGenerator json, Exchange exchange, QueryRequest request)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", exchange.id());
    json.writeStringField("collection", request.collection().name());
    json.writeNumberField("response_time", exchange.elapsedNanos() / 1e9);
  }

  private void writePassages(JsonGenerator json, String query, List<Passage> passages)
      throws IOException {
    json.writeStartArray();
    int n = 0;
    for (Passage passage : passages) {
      json.writeStartObject();
      json.writeNumberField("n", ++n);
      AnswerJson.writePassage(json, passage, search.matching(query, passage));
      json.writeEndObject();
      if (n % PASSAGES_PER_YIELD == 0) {
        Carriers.yieldToOthers();
      }
    }
    json.writeEndArray();
  }
}
