package dev.throng.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.Degradation;
import dev.throng.answer.Question;
import dev.throng.core.Answer;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.Span;
import dev.throng.core.ValidatedAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Encodes answers as JSON. The object has two parts: a short head that differs between requests,
 * and a tail that is the same for all clients that get this answer. The tail is encoded once and
 * kept with the answer.
 */
final class AnswerJson {
  private AnswerJson() {}

  /** Returns the complete answer, as a response or as the last event of a stream. */
  static byte[] encode(Exchange exchange, Question question, Event.Done done) {
    long elapsedNanos = exchange.elapsedNanos();
    Degradation degradation = done.degradation();
    byte[] tail = // the tail of a degraded answer is not kept
        degradation == null
            ? done.answer().wireForm(known -> tail(question, known, null))
            : tail(question, done.answer(), degradation);
    AnswerHead head = new AnswerHead(question.id(), done.isCached(), elapsedNanos);
    head.timings(done.timings(), elapsedNanos);
    return head.with(tail);
  }

  private static byte[] tail(
      Question question, ValidatedAnswer known, @Nullable Degradation degradation) {
    Answer answer = known.answer();
    byte[] whole =
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("response", answer.text());
          json.writeFieldName("sources");
          writeSources(json, known.sources());
          json.writeStringField("collection", question.collection().name());
          json.writeStringField("model", answer.model());
          json.writeStringField("generator", answer.generator());
          json.writeBooleanField("degraded", degradation != null);
          if (degradation != null) {
            writeDegradation(json, degradation);
          }
          json.writeStringField(
              "finish_reason", answer.finishReason().name().toLowerCase(Locale.ROOT));
          json.writeStringField("answer_id", answer.answerId());
          writeSeams(json, answer.seams());
          json.writeEndObject();
        });
    return Arrays.copyOfRange(whole, 1, whole.length); // the opening brace is in the head
  }

  private static void writeSeams(JsonGenerator json, List<Integer> seams) throws IOException {
    if (!seams.isEmpty()) {
      json.writeArrayFieldStart("seams");
      for (int seam : seams) {
        json.writeNumber(seam);
      }
      json.writeEndArray();
    }
  }

  private static void writeDegradation(JsonGenerator json, Degradation degradation)
      throws IOException {
    json.writeObjectFieldStart("degradation");
    json.writeStringField("rung", degradation.rung().name().toLowerCase(Locale.ROOT));
    json.writeStringField("reason", degradation.reason().code());
    json.writeEndObject();
    if (degradation.isStale()) {
      json.writeBooleanField("stale", true);
    }
  }

  /** Returns the data of {@code event: queued}. */
  static String queued(Event.Queued queued) {
    byte[] bytes =
        Json.write(json -> {
          json.writeStartObject();
          json.writeNumberField("position", queued.position());
          json.writeNumberField("estimated_wait", queued.estimatedWait().toMillis() / 1e3);
          json.writeEndObject();
        });
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns the data of {@code event: sources}. */
  static String sources(List<Source> sources) {
    return new String(Json.write(json -> writeSources(json, sources)), StandardCharsets.UTF_8);
  }

  /** Returns the data of {@code event: token}. */
  static String token(String text) {
    byte[] bytes =
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("text", text);
          json.writeEndObject();
        });
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void writeSources(JsonGenerator json, List<Source> sources) throws IOException {
    json.writeStartArray();
    for (Source source : sources) {
      json.writeStartObject();
      json.writeNumberField("n", source.n());
      List<Span> cited = source.citedSpans();
      writePassage(json, source.passage(), cited.isEmpty() ? source.passage().spans() : cited);
      json.writeBooleanField("cited", source.isCited());
      if (!cited.isEmpty()) {
        SpanJson.write(json, "cited_spans", cited);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * Writes the fields of a passage into an open object.
   *
   * @param shown the parts of it that matter; page and section are those of the first one
   */
  static void writePassage(JsonGenerator json, Passage passage, List<Span> shown)
      throws IOException {
    json.writeStringField("document_id", passage.documentId());
    json.writeStringField("title", passage.title());
    json.writeStringField("uri", passage.uri());
    SpanJson.writePlace(json, shown.getFirst(), sectionOf(passage, shown.getFirst()));
    json.writeNumberField("start", passage.start());
    json.writeNumberField("end", passage.end());
    json.writeStringField("text", passage.text());
    json.writeBooleanField("superseded", passage.isSuperseded());
    json.writeNumberField("score", Math.round(passage.score() * 1e4) / 1e4);
    SpanJson.write(json, "spans", passage.spans());
  }

  /**
   * Returns the section of a part of a passage. At the passage's beginning, the header of the table
   * that it continues belongs to it, because rows say little without.
   */
  private static String sectionOf(Passage passage, Span part) {
    String header = passage.tableHeader();
    boolean isInFirst = part.section().equals(passage.spans().getFirst().section());
    if (header.isEmpty() || !isInFirst) {
      return part.section();
    }
    return part.section().isEmpty() ? header : part.section() + " > " + header;
  }
}
