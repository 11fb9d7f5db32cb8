package dev.throng.store.weaviate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import dev.throng.core.Layout;
import dev.throng.core.Span;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** The layout of a chunk as a Weaviate object. */
final class ChunkObjects {
  /** The words of the chunk from Throng's own analyzer. Weaviate only splits them at blanks. */
  static final String WORDS = "words";

  static final String VERSION = "version";

  /** The fields that {@link #chunk} reads. */
  static final String FIELDS =
      "document headings start end text spans quoted superseded layout _additional{id}";

  private static final String SPANS = "spans";
  private static final String QUOTED = "quoted";
  private static final String SUPERSEDED = "superseded";
  private static final String LAYOUT = "layout";

  /** Properties that classes of earlier releases lack. */
  static final List<String> ADDED_PROPERTIES = List.of(SPANS, QUOTED, SUPERSEDED, LAYOUT);

  private ChunkObjects() {}

  /** Returns a version as a text for filters, because GraphQL's integers have only 32 bits. */
  static String versionValue(long version) {
    return Long.toString(version);
  }

  /** Returns a filter on versions. */
  static String where(String operator, Collection<Long> versions) {
    return GraphQl.where(
        VERSION, operator, versions.stream().map(ChunkObjects::versionValue).toList());
  }

  static void write(JsonGenerator out, EmbeddedChunk embedded, IndexPlace place, String language)
      throws IOException {
    Chunk chunk = embedded.chunk();
    ChunkKey key = new ChunkKey(chunk.version(), chunk.ordinal());
    out.writeStartObject();
    out.writeStringField("class", place.className());
    out.writeStringField("tenant", place.tenant());
    out.writeStringField("id", key.id());
    out.writeArrayFieldStart("vector");
    for (float value : embedded.embedding().sharedValues()) {
      out.writeNumber(value);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("properties");
    out.writeStringField(
        WORDS, String.join(" ", LuceneWords.inIndex(language, wellFormed(chunk.searchText()))));
    out.writeStringField(VERSION, versionValue(chunk.version()));
    out.writeNumberField(IndexPlace.MARK, key.mark());
    out.writeStringField("document", wellFormed(chunk.documentId()));
    out.writeStringField("headings", wellFormed(chunk.headings()));
    out.writeNumberField("start", chunk.start());
    out.writeNumberField("end", chunk.end());
    out.writeStringField("text", wellFormed(chunk.text()));
    out.writeStringField(SPANS, wellFormed(Span.encode(chunk.spans())));
    out.writeBooleanField(QUOTED, chunk.isQuoted());
    out.writeBooleanField(SUPERSEDED, chunk.isSuperseded());
    out.writeStringField(LAYOUT, chunk.layout().text());
    out.writeEndObject();
    out.writeEndObject();
  }

  /** Writes the properties of the classes, as in their schema. */
  static void writeProperties(JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("properties");
    writeProperty(out, WORDS, "text", "whitespace", true, true);
    writeProperty(out, VERSION, "text", "field", true, false);
    writeProperty(out, IndexPlace.MARK, "int", "", true, false);
    for (String text : new String[] {"document", "headings", "text"}) {
      writeProperty(out, text, "text", "field", false, false);
    }
    for (String number : new String[] {"start", "end"}) {
      writeProperty(out, number, "int", "", false, false);
    }
    for (String added : ADDED_PROPERTIES) {
      writeAddedProperty(out, added);
    }
    out.writeEndArray();
  }

  /** Writes one of {@link #ADDED_PROPERTIES}. */
  static void writeAddedProperty(JsonGenerator out, String name) throws IOException {
    boolean isText = !name.equals(QUOTED) && !name.equals(SUPERSEDED);
    writeProperty(out, name, isText ? "text" : "boolean", isText ? "field" : "", false, false);
  }

  private static void writeProperty(
      JsonGenerator out,
      String name,
      String type,
      String tokenization,
      boolean isFilterable,
      boolean isSearchable)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeArrayFieldStart("dataType");
    out.writeString(type);
    out.writeEndArray();
    if (!tokenization.isEmpty()) {
      out.writeStringField("tokenization", tokenization);
    }
    out.writeBooleanField("indexFilterable", isFilterable);
    out.writeBooleanField("indexSearchable", isSearchable);
    out.writeEndObject();
  }

  static ChunkKey key(JsonNode object) {
    return ChunkKey.of(object.at("/_additional/id").asText());
  }

  static Chunk chunk(JsonNode object) {
    ChunkKey key = key(object);
    return new Chunk(
        object.path("document").asText(),
        key.version(),
        key.ordinal(),
        object.path("headings").asText(),
        object.path("start").asInt(),
        object.path("end").asInt(),
        object.path("text").asText(),
        Span.decode(object.path(SPANS).asText("")),
        object.path(QUOTED).asBoolean(),
        object.path(SUPERSEDED).asBoolean(),
        Layout.ofText(object.path(LAYOUT).asText("")));
  }

  /** Returns the embedding of an object that was requested with {@code _additional{vector}}. */
  static Embedding embedding(JsonNode object) {
    JsonNode vector = object.at("/_additional/vector");
    float[] values = new float[vector.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.get(i).floatValue();
    }
    return Embedding.normalised(values);
  }

  /**
   * Replaces half a surrogate pair, with which a chunk may begin or end, because it cannot be sent.
   */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
