package dev.throng.cache;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers as bytes in a {@link Frame}. */
public final class AnswerCodec {
  private AnswerCodec() {}

  public static byte[] encode(Answer answer) {
    return Frame.encode(json -> {
      json.writeStartObject();
      write(json, answer);
      json.writeEndObject();
    });
  }

  public static byte[] encode(ValidatedAnswer validated) {
    return Frame.encode(json -> {
      json.writeStartObject();
      json.writeNumberField("epoch", validated.epoch());
      if (validated.origin() != null) {
        write(json, validated.origin());
      }
      write(json, validated.answer());
      json.writeArrayFieldStart("sources");
      for (Source source : validated.sources()) {
        write(json, source);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /**
   * @return empty when it is not an answer, or of another version, or damaged
   */
  public static Optional<Answer> answer(byte[] bytes) {
    return Frame.decode(bytes).filter(json -> json.has("answer_id")).map(AnswerCodec::answer);
  }

  /** As {@link #answer}, for what {@link #encode(ValidatedAnswer)} made. */
  public static Optional<ValidatedAnswer> validated(byte[] bytes) {
    return Frame.decode(bytes)
        .filter(json -> json.has("answer_id") && json.has("epoch"))
        .map(json -> {
          List<Source> sources = new ArrayList<>();
          json.path("sources").forEach(source -> sources.add(source(source)));
          return new ValidatedAnswer(
              answer(json),
              sources,
              json.path("epoch").longValue(),
              json.has("origin") ? origin(json.path("origin")) : null);
        });
  }

  private static void write(JsonGenerator json, Origin origin) throws IOException {
    json.writeObjectFieldStart("origin");
    json.writeStringField("tenant", origin.collection().tenant());
    json.writeStringField("collection", origin.collection().name());
    json.writeStringField("question", origin.question().hex());
    if (origin.fingerprint() != null) {
      json.writeStringField("fingerprint", origin.fingerprint().hash().hex());
    }
    json.writeNumberField("validated_at", origin.validatedAt().toEpochMilli());
    json.writeEndObject();
  }

  private static Origin origin(JsonNode json) {
    return new Origin(
        new CollectionRef(json.path("tenant").textValue(), json.path("collection").textValue()),
        Hash.parse(json.path("question").textValue()),
        json.has("fingerprint")
            ? new Fingerprint(Hash.parse(json.path("fingerprint").textValue()))
            : null,
        Instant.ofEpochMilli(json.path("validated_at").longValue()));
  }

  private static void write(JsonGenerator json, Answer answer) throws IOException {
    json.writeStringField("answer_id", answer.answerId());
    json.writeStringField("text", answer.text());
    json.writeStringField("generator", answer.generator());
    json.writeStringField("model", answer.model());
    json.writeStringField("finish_reason", answer.finishReason().name());
    writeNumbers(json, "cited", answer.cited());
    json.writeNumberField("removed_citations", answer.removedCitations());
    json.writeNumberField("tokens", answer.tokens());
    writeNumbers(json, "seams", answer.seams());
  }

  private static Answer answer(JsonNode json) {
    Set<Integer> cited = new LinkedHashSet<>();
    json.path("cited").forEach(number -> cited.add(number.intValue()));
    List<Integer> seams = new ArrayList<>();
    json.path("seams").forEach(seam -> seams.add(seam.intValue()));
    return new Answer(
        json.path("answer_id").textValue(),
        json.path("text").textValue(),
        json.path("generator").textValue(),
        json.path("model").textValue(),
        FinishReason.valueOf(json.path("finish_reason").textValue()),
        Set.copyOf(cited),
        json.path("removed_citations").intValue(),
        json.path("tokens").intValue(),
        List.copyOf(seams));
  }

  static void write(JsonGenerator json, Source source) throws IOException {
    Passage passage = source.passage();
    json.writeStartObject();
    json.writeNumberField("n", source.n());
    json.writeBooleanField("cited", source.isCited());
    json.writeStringField("document_id", passage.documentId());
    json.writeNumberField("version", passage.version());
    json.writeStringField("uri", passage.uri());
    json.writeStringField("title", passage.title());
    json.writeStringField("headings", passage.headings());
    json.writeNumberField("page", passage.page());
    json.writeNumberField("start", passage.start());
    json.writeNumberField("end", passage.end());
    json.writeStringField("text", passage.text());
    json.writeNumberField("score", passage.score());
    json.writeEndObject();
  }

  static Source source(JsonNode json) {
    Passage passage =
        new Passage(
            json.path("document_id").textValue(),
            json.path("version").longValue(),
            json.path("uri").textValue(),
            json.path("title").textValue(),
            json.path("headings").textValue(),
            json.path("page").intValue(),
            json.path("start").intValue(),
            json.path("end").intValue(),
            json.path("text").textValue(),
            json.path("score").doubleValue());
    return new Source(json.path("n").intValue(), passage, json.path("cited").booleanValue());
  }

  static void writeNumbers(JsonGenerator json, String name, Iterable<Integer> numbers)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }
}
