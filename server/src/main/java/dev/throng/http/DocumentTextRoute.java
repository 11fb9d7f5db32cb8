package dev.throng.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.MemoryBudget;
import dev.throng.core.PageLayout;
import dev.throng.core.Ticker;
import dev.throng.http.Route.Access;
import dev.throng.retrieval.DocumentReader;
import dev.throng.retrieval.DocumentText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * /collections/{collection}/documents/{id}/chunks, /text and /pages/{page}: show what was
 * understood of a document, and where on its pages it stands.
 */
public final class DocumentTextRoute {
  private static final int DEFAULT_CHUNKS = 100;
  private static final int MAX_CHUNKS = 500;

  private static final int DEFAULT_CHARS = 20_000;
  private static final int MAX_CHARS = 200_000;

  /** Bytes of a chunk and of its JSON. */
  private static final int BYTES_PER_CHUNK = 1 << 13;

  /** Bytes of a character, with the position of its line, and of their JSON. */
  private static final int BYTES_PER_CHAR = 8;

  private static final double HEAP_SHARE = 0.1;
  private static final int UNITS_PER_POINT = 10;

  private final MemoryBudget memory = MemoryBudget.ofHeap(HEAP_SHARE);
  private final DocumentReader reader;
  private final TenantResolver tenants;
  private final Duration timeout;

  /**
   * Creates the routes.
   *
   * @param timeout of a request
   */
  public DocumentTextRoute(DocumentReader reader, TenantResolver tenants, Duration timeout) {
    this.reader = reader;
    this.tenants = tenants;
    this.timeout = timeout;
  }

  public List<Route> routes() {
    String document = "/collections/{collection}/documents/{id}";
    return List.of(
        Route.get(document + "/chunks", Access.CLIENT, this::chunks),
        Route.get(document + "/text", Access.CLIENT, this::text),
        Route.get(document + "/pages/{page}", Access.CLIENT, this::page));
  }

  private void chunks(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    int from = query.integer("from", 0, 0, Integer.MAX_VALUE);
    int limit = query.integer("limit", DEFAULT_CHUNKS, 1, MAX_CHUNKS);
    query.finish();
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    Deadline deadline = deadline();
    try (var _ = memory.reserve((long) limit * BYTES_PER_CHUNK, deadline)) {
      DocumentReader.Chunks found = reader.chunks(ref, id(exchange), from, limit, deadline);
      exchange.sendJson(Json.write(json -> writeChunks(json, found, from)));
    }
  }

  private void text(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    int start = start(query);
    int limit = query.integer("limit", DEFAULT_CHARS, 1, MAX_CHARS);
    query.finish();
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    Deadline deadline = deadline();
    try (var _ = memory.reserve((long) limit * BYTES_PER_CHAR, deadline)) {
      DocumentText text = reader.text(ref, id(exchange), start, limit, deadline);
      exchange.sendJson(
          Json.write(json -> {
            json.writeStartObject();
            writeDocument(json, text.document());
            writeText(json, text);
            json.writeEndObject();
          }));
    }
  }

  private void page(Exchange exchange) {
    QueryParameters query = new QueryParameters(exchange);
    int start = start(query);
    int limit = query.integer("limit", MAX_CHARS, 1, MAX_CHARS);
    query.finish();
    int page = query.integerInPath("page", 1, Integer.MAX_VALUE);
    CollectionRef ref = DocumentsRoute.collection(exchange, tenants);
    Deadline deadline = deadline();
    try (var _ = memory.reserve((long) limit * BYTES_PER_CHAR, deadline)) {
      DocumentText text = reader.page(ref, id(exchange), page, start, limit, deadline);
      exchange.sendJson(Json.write(json -> writePage(json, page, text)));
    }
  }

  private static int start(QueryParameters query) {
    return query.integer("start", 0, 0, Integer.MAX_VALUE);
  }

  private static String id(Exchange exchange) {
    return DocumentsRoute.parameter(exchange, "id");
  }

  private Deadline deadline() {
    return Deadline.after(Ticker.system(), timeout);
  }

  private static void writeChunks(JsonGenerator json, DocumentReader.Chunks found, int from)
      throws IOException {
    json.writeStartObject();
    writeDocument(json, found.document());
    json.writeNumberField("total", found.document().chunkCount());
    json.writeArrayFieldStart("chunks");
    for (Chunk chunk : found.chunks()) {
      json.writeStartObject();
      json.writeNumberField("ordinal", chunk.ordinal());
      json.writeNumberField("start", chunk.start());
      json.writeNumberField("end", chunk.end());
      json.writeStringField("headings", chunk.headings());
      json.writeStringField("text", chunk.text());
      json.writeBooleanField("quoted", chunk.isQuoted());
      json.writeBooleanField("superseded", chunk.isSuperseded());
      SpanJson.write(json, "spans", chunk.spans());
      json.writeEndObject();
    }
    json.writeEndArray();
    int next = from + found.chunks().size();
    if (!found.chunks().isEmpty() && next < found.document().chunkCount()) {
      json.writeNumberField("next", next);
    }
    json.writeEndObject();
  }

  private static void writePage(JsonGenerator json, int page, DocumentText text)
      throws IOException {
    json.writeStartObject();
    writeDocument(json, text.document());
    json.writeNumberField("page", page);
    if (!text.parts().isEmpty()) {
      json.writeStringField("page_label", text.parts().getFirst().span().pageLabel());
    }
    writeText(json, text);
    for (PageLayout layout : text.pages()) {
      if (layout.page() == page) {
        writeLayout(json, layout);
      }
    }
    json.writeEndObject();
  }

  private static void writeDocument(JsonGenerator json, LiveDocument document) throws IOException {
    json.writeStringField("document_id", document.id());
    json.writeStringField("uri", document.uri());
    json.writeStringField("title", document.title());
    json.writeNumberField("version", document.version());
  }

  private static void writeText(JsonGenerator json, DocumentText text) throws IOException {
    json.writeArrayFieldStart("parts");
    for (DocumentText.Part part : text.parts()) {
      json.writeStartObject();
      SpanJson.writeFields(json, part.span());
      json.writeStringField("text", part.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (text.next() != null) {
      json.writeNumberField("next", text.next());
    }
  }

  private static void writeLayout(JsonGenerator json, PageLayout layout) throws IOException {
    writePoints(json, "width", layout.width());
    writePoints(json, "height", layout.height());
    json.writeArrayFieldStart("lines");
    for (PageLayout.Line line : layout.lines()) {
      json.writeStartObject();
      json.writeNumberField("start", line.start());
      json.writeNumberField("end", line.end());
      writePoints(json, "left", line.left());
      writePoints(json, "top", line.top());
      writePoints(json, "width", line.width());
      writePoints(json, "height", line.height());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writePoints(JsonGenerator json, String name, float points)
      throws IOException {
    json.writeNumberField(name, Math.round(points * UNITS_PER_POINT) / (double) UNITS_PER_POINT);
  }
}
