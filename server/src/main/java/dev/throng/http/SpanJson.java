package dev.throng.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.throng.core.Span;
import java.io.IOException;
import java.util.List;

/** Encodes where a text stands. */
final class SpanJson {
  private SpanJson() {}

  /** Writes a field with a list of spans into an open object. */
  static void write(JsonGenerator json, String name, List<Span> spans) throws IOException {
    json.writeArrayFieldStart(name);
    for (Span span : spans) {
      json.writeStartObject();
      writeFields(json, span);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the fields of a span into an open object. */
  static void writeFields(JsonGenerator json, Span span) throws IOException {
    json.writeNumberField("start", span.start());
    json.writeNumberField("end", span.end());
    writePlace(json, span, span.section());
  }

  /** Writes page and section into an open object, if there are any. */
  static void writePlace(JsonGenerator json, Span span, String section) throws IOException {
    if (span.page() > 0) {
      json.writeNumberField("page", span.page());
      json.writeStringField("page_label", span.pageLabel());
    }
    if (!section.isEmpty()) {
      json.writeStringField("section", section);
    }
  }
}
