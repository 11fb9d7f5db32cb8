package dev.throng.http;

import dev.throng.answer.PassageSearch;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.MemoryBudget;
import dev.throng.core.Passage;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.retrieval.Retrieved;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** POST /search: passages for one question or for several, without an answer. */
final class SearchRoute {
  /** A chunk with its title, name and headings, and what they are in JSON. */
  private static final int BYTES_PER_PASSAGE = 1 << 13;

  private static final double HEAP_SHARE = 0.1;

  private final MemoryBudget memory = MemoryBudget.ofHeap(HEAP_SHARE);
  private final PassageSearch passages;
  private final TenantResolver tenants;
  private final QueryRequest.Rules rules;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("search-", 0).factory());

  SearchRoute(PassageSearch passages, TenantResolver tenants, QueryRequest.Rules rules) {
    this.passages = passages;
    this.tenants = tenants;
    this.rules = rules;
  }

  void handle(Exchange exchange) {
    QueryRequest request =
        QueryRequest.forSearch(
            exchange.readJson(rules.server().maxRequestBytes()),
            tenants.resolve(exchange.request()),
            rules);
    Deadline deadline = Deadline.after(Ticker.system(), rules.answer().timeout());
    exchange.sendJson(found(exchange, request, deadline));
  }

  /** The response, made in memory that was reserved for it. */
  private byte[] found(Exchange exchange, QueryRequest request, Deadline deadline) {
    long passages = (long) request.queries().size() * request.topK();
    try (var _ = memory.reserve(passages * BYTES_PER_PASSAGE, deadline)) {
      List<Retrieved> found =
          request.queries().size() == 1
              ? List.of(search(request, request.queries().getFirst(), deadline))
              : searchAll(request, deadline);
      return encode(exchange, request, found);
    }
  }

  private Retrieved search(QueryRequest request, String query, Deadline deadline) {
    return passages.search(request.collection(), query, request.topK(), request.filter(), deadline);
  }

  /** All at once; they queue like the searches of others. */
  private List<Retrieved> searchAll(QueryRequest request, Deadline deadline) {
    List<Future<Retrieved>> pending = new ArrayList<>();
    for (String query : request.queries()) {
      pending.add(threads.submit(() -> search(request, query, deadline)));
    }
    List<Retrieved> found = new ArrayList<>();
    try {
      for (Future<Retrieved> result : pending) {
        found.add(result.get());
      }
      return found;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ThrongException classified
          ? classified
          : new ThrongException(ErrorCode.INTERNAL, "a search failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while searching", e);
    } finally {
      pending.forEach(result -> result.cancel(true)); // does nothing to those that are done
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // virtual threads share the processor by this alone
  private static byte[] encode(Exchange exchange, QueryRequest request, List<Retrieved> found) {
    return AnswerJson.write(json -> {
      json.writeStartObject();
      json.writeStringField("id", exchange.id());
      json.writeStringField("collection", request.collection().name());
      json.writeNumberField("response_time", exchange.elapsedNanos() / 1e9);
      if (!request.isBatch()) {
        json.writeFieldName("results");
        writePassages(json, found.getFirst().passages());
      } else {
        json.writeArrayFieldStart("searches");
        for (int i = 0; i < found.size(); i++) {
          json.writeStartObject();
          json.writeStringField("query", request.queries().get(i));
          json.writeFieldName("results");
          writePassages(json, found.get(i).passages());
          json.writeEndObject();
          Thread.yield(); // a large batch takes tens of milliseconds, which others would wait
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    });
  }

  private static void writePassages(
      com.fasterxml.jackson.core.JsonGenerator json, List<Passage> passages)
      throws java.io.IOException {
    json.writeStartArray();
    int n = 0;
    for (Passage passage : passages) {
      json.writeStartObject();
      json.writeNumberField("n", ++n);
      AnswerJson.writePassage(json, passage);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
