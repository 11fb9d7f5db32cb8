package dev.throng.store.chroma;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The layout of a chunk as a record of Chroma. The id is {@code VERSION-ORDINAL}, so writing twice
 * has the same effect as once, and a search needs to return only ids.
 */
final class ChunkRecords {
  static final String VERSION = "version";
  private static final String ORDINAL = "ordinal";
  private static final String DOCUMENT = "document";
  private static final String HEADINGS = "headings";
  private static final String START = "start";
  private static final String END = "end";
  private static final String SPANS = "spans";
  private static final String QUOTED = "quoted";
  private static final String SUPERSEDED = "superseded";
  private static final String LAYOUT = "layout";

  private ChunkRecords() {}

  static String id(long version, int ordinal) {
    return version + "-" + ordinal;
  }

  static long version(String id) {
    return Long.parseLong(id, 0, id.indexOf('-'), 10);
  }

  /**
   * Returns a hit.
   *
   * @param distance 1 - cosine
   */
  static Hit hit(String id, double distance, int handle) {
    int ordinal = Integer.parseInt(id, id.indexOf('-') + 1, id.length(), 10);
    return new Hit(version(id), ordinal, (float) (1 - distance / 2), handle);
  }

  /** Writes the fields of an upsert. */
  static void write(JsonGenerator out, List<EmbeddedChunk> chunks) throws IOException {
    out.writeArrayFieldStart("ids");
    for (EmbeddedChunk each : chunks) {
      out.writeString(id(each.chunk().version(), each.chunk().ordinal()));
    }
    out.writeEndArray();
    out.writeArrayFieldStart("embeddings");
    for (EmbeddedChunk each : chunks) {
      write(out, each.embedding());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("documents");
    for (EmbeddedChunk each : chunks) {
      out.writeString(each.chunk().text());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("metadatas");
    for (EmbeddedChunk each : chunks) {
      writeMetadata(out, each.chunk());
    }
    out.writeEndArray();
  }

  static void write(JsonGenerator out, Embedding embedding) throws IOException {
    out.writeStartArray();
    for (float value : embedding.sharedValues()) {
      out.writeNumber(value);
    }
    out.writeEndArray();
  }

  /** Writes {@code "where": {"version": {operator: versions}}}. */
  static void writeWhere(JsonGenerator out, String operator, Collection<Long> versions)
      throws IOException {
    out.writeObjectFieldStart("where");
    out.writeObjectFieldStart(VERSION);
    out.writeArrayFieldStart(operator);
    for (long version : versions) {
      out.writeNumber(version);
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeMetadata(JsonGenerator out, Chunk chunk) throws IOException {
    out.writeStartObject();
    out.writeNumberField(VERSION, chunk.version());
    out.writeNumberField(ORDINAL, chunk.ordinal());
    out.writeStringField(DOCUMENT, chunk.documentId());
    out.writeStringField(HEADINGS, chunk.headings());
    out.writeNumberField(START, chunk.start());
    out.writeNumberField(END, chunk.end());
    out.writeStringField(SPANS, Span.encode(chunk.spans()));
    out.writeBooleanField(QUOTED, chunk.isQuoted());
    out.writeBooleanField(SUPERSEDED, chunk.isSuperseded());
    out.writeStringField(LAYOUT, chunk.layout().text());
    out.writeEndObject();
  }

  /** Returns the {@code index}-th record of a response to a get. */
  static Chunk chunk(JsonNode records, int index) {
    JsonNode metadata = records.path("metadatas").path(index);
    return new Chunk(
        metadata.path(DOCUMENT).asText(),
        metadata.path(VERSION).asLong(),
        metadata.path(ORDINAL).asInt(),
        metadata.path(HEADINGS).asText(),
        metadata.path(START).asInt(),
        metadata.path(END).asInt(),
        records.path("documents").path(index).asText(),
        Span.decode(metadata.path(SPANS).asText()),
        metadata.path(QUOTED).asBoolean(),
        metadata.path(SUPERSEDED).asBoolean(),
        Layout.ofText(metadata.path(LAYOUT).asText()));
  }

  static Embedding embedding(JsonNode records, int index) {
    JsonNode numbers = records.path("embeddings").path(index);
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return Embedding.normalised(values);
  }
}
