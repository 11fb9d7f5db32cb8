package dev.throng.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Answers as bytes that other replicas, of other releases too, read or pass by: two bytes that say
 * what it is, the format's version, whether it is compressed, a CRC-32C of that and the JSON behind
 * it.
 */
public final class AnswerCodec {
  private static final short MAGIC = 0x7468;
  private static final byte VERSION = 1;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final int HEADER_BYTES = 8;

  /** Below this, compression gains nothing. */
  private static final int COMPRESS_FROM_BYTES = 1_024;

  /** Nothing that was ever kept is longer; a header that lies must not fill the memory. */
  private static final int MAX_JSON_BYTES = 32 << 20;

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper JSON = new ObjectMapper();

  private AnswerCodec() {}

  public static byte[] encode(Answer answer) {
    return framed(json -> {
      json.writeStartObject();
      write(json, answer);
      json.writeEndObject();
    });
  }

  public static byte[] encode(ValidatedAnswer validated) {
    return framed(json -> {
      json.writeStartObject();
      json.writeNumberField("epoch", validated.epoch());
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
    return json(bytes).filter(json -> json.has("answer_id")).map(AnswerCodec::answer);
  }

  /** As {@link #answer}, for what {@link #encode(ValidatedAnswer)} made. */
  public static Optional<ValidatedAnswer> validated(byte[] bytes) {
    return json(bytes)
        .filter(json -> json.has("answer_id") && json.has("epoch"))
        .map(json -> {
          List<Source> sources = new ArrayList<>();
          json.path("sources").forEach(source -> sources.add(source(source)));
          return new ValidatedAnswer(answer(json), sources, json.path("epoch").longValue());
        });
  }

  private interface Body {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static byte[] framed(Body body) {
    byte[] plain = json(body);
    boolean isLarge = plain.length >= COMPRESS_FROM_BYTES;
    byte[] payload = isLarge ? deflated(plain) : plain;
    byte form = isLarge ? DEFLATED : PLAIN;
    return ByteBuffer.allocate(HEADER_BYTES + payload.length)
        .putShort(MAGIC)
        .put(VERSION)
        .put(form)
        .putInt(checksum(form, ByteBuffer.wrap(payload)))
        .put(payload)
        .array();
  }

  private static Optional<JsonNode> json(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length <= HEADER_BYTES || in.getShort() != MAGIC || in.get() != VERSION) {
      return Optional.empty();
    }
    byte form = in.get();
    int expected = in.getInt();
    if (checksum(form, in.duplicate()) != expected) {
      return Optional.empty();
    }
    try (InputStream payload = new ByteArrayInputStream(bytes, HEADER_BYTES, in.remaining());
        InputStream plain = form == DEFLATED ? new InflaterInputStream(payload) : payload) {
      return Optional.of(JSON.readTree(plain.readNBytes(MAX_JSON_BYTES)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int checksum(byte form, ByteBuffer payload) {
    CRC32C checksum = new CRC32C();
    checksum.update(form);
    checksum.update(payload);
    return (int) checksum.getValue();
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

  private static void write(JsonGenerator json, Source source) throws IOException {
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

  private static Source source(JsonNode json) {
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

  private static void writeNumbers(JsonGenerator json, String name, Iterable<Integer> numbers)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }

  private static byte[] json(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      body.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static byte[] deflated(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
    Deflater quick = new Deflater(Deflater.BEST_SPEED);
    try (OutputStream out = new DeflaterOutputStream(bytes, quick)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    } finally {
      quick.end();
    }
    return bytes.toByteArray();
  }
}
