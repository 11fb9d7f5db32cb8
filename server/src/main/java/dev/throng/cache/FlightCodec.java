package dev.throng.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.Source;
import dev.throng.core.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A generation's beginning and end, and who streams it, as bytes in a {@link Frame}. */
public final class FlightCodec {
  private FlightCodec() {}

  public static byte[] encode(FlightHead head) {
    return Frame.encode(json -> {
      json.writeStartObject();
      json.writeStringField("answer_id", head.answerId());
      json.writeStringField("tenant", head.collection().tenant());
      json.writeStringField("collection", head.collection().name());
      json.writeNumberField("epoch", head.epoch());
      json.writeStringField("system", head.system());
      json.writeStringField("user", head.user());
      json.writeStringField("question", head.question());
      json.writeStringField("language", head.language());
      json.writeNumberField("max_tokens", head.limits().maxTokens());
      json.writeArrayFieldStart("stop");
      for (String stop : head.limits().stop().texts()) {
        json.writeString(stop);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("sources");
      for (Source source : head.sources()) {
        AnswerCodec.write(json, source);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /**
   * @return empty when it is not one, or of another version, or damaged
   */
  public static Optional<FlightHead> head(byte[] bytes) {
    return Frame.decode(bytes).filter(json -> json.has("system")).map(FlightCodec::head);
  }

  public static byte[] encode(FlightEnd end) {
    return Frame.encode(json -> {
      json.writeStartObject();
      json.writeStringField("finish_reason", end.finishReason().name());
      json.writeNumberField("tokens", end.tokens());
      AnswerCodec.writeNumbers(json, "seams", end.seams());
      json.writeEndObject();
    });
  }

  /** As {@link #head}, for what {@link #encode(FlightEnd)} made. */
  public static Optional<FlightEnd> end(byte[] bytes) {
    return Frame.decode(bytes).filter(json -> json.has("finish_reason")).map(FlightCodec::end);
  }

  public static byte[] encode(StreamRecord record) {
    return Frame.encode(json -> {
      json.writeStartObject();
      json.writeStringField("tenant", record.tenant());
      json.writeStringField("body", record.body());
      if (record.fingerprint() != null) {
        json.writeStringField("fingerprint", record.fingerprint().hash().hex());
      }
      json.writeNumberField("epoch", record.epoch());
      json.writeEndObject();
    });
  }

  /** As {@link #head}, for what {@link #encode(StreamRecord)} made. */
  public static Optional<StreamRecord> record(byte[] bytes) {
    return Frame.decode(bytes).filter(json -> json.has("body")).map(FlightCodec::record);
  }

  private static StreamRecord record(JsonNode json) {
    return new StreamRecord(
        json.path("tenant").textValue(),
        json.path("body").textValue(),
        json.has("fingerprint")
            ? new Fingerprint(Hash.parse(json.path("fingerprint").textValue()))
            : null,
        json.path("epoch").longValue());
  }

  private static FlightHead head(JsonNode json) {
    List<String> stops = new ArrayList<>();
    json.path("stop").forEach(stop -> stops.add(stop.textValue()));
    List<Source> sources = new ArrayList<>();
    json.path("sources").forEach(source -> sources.add(AnswerCodec.source(source)));
    return new FlightHead(
        json.path("answer_id").textValue(),
        new CollectionRef(json.path("tenant").textValue(), json.path("collection").textValue()),
        json.path("epoch").longValue(),
        json.path("system").textValue(),
        json.path("user").textValue(),
        json.path("question").textValue(),
        json.path("language").textValue(),
        new AnswerLimits(json.path("max_tokens").intValue(), new StopStrings(stops)),
        List.copyOf(sources));
  }

  private static FlightEnd end(JsonNode json) {
    List<Integer> seams = new ArrayList<>();
    json.path("seams").forEach(seam -> seams.add(seam.intValue()));
    return new FlightEnd(
        FinishReason.valueOf(json.path("finish_reason").textValue()),
        json.path("tokens").intValue(),
        List.copyOf(seams));
  }
}
