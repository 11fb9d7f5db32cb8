package dev.throng.redis.wire;

import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.StopStrings;
import dev.throng.core.TokenCount;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.flight.StreamRecord;
import dev.throng.redis.wire.Frame.Kind;
import java.util.Optional;

/**
 * Encodes the start and end of a generation, and records of event streams, as bytes in a {@link
 * Frame}.
 */
public final class FlightCodec {
  private FlightCodec() {}

  public static byte[] encode(FlightHead head) {
    return Frame.encode(
        Kind.FLIGHT_HEAD,
        out ->
            out.text(head.answerId())
                .text(head.collection().tenant())
                .text(head.collection().name())
                .number(head.epoch())
                .text(head.system())
                .text(head.user())
                .text(head.question())
                .text(head.language())
                .integer(head.limits().maxTokens())
                .list(head.limits().stop().texts(), FrameWriter::text)
                .list(head.sources(), AnswerCodec::write));
  }

  /**
   * Decodes the head of a flight.
   *
   * @return empty when the bytes are not a head, have another version, or are damaged
   */
  public static Optional<FlightHead> head(byte[] bytes) {
    return Frame.decode(
        Kind.FLIGHT_HEAD,
        bytes,
        in ->
            new FlightHead(
                in.text(),
                new CollectionRef(in.text(), in.text()),
                in.number(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                new AnswerLimits(in.integer(), new StopStrings(in.list(FrameReader::text))),
                in.list(AnswerCodec::source)));
  }

  public static byte[] encode(FlightEnd end) {
    return Frame.encode(
        Kind.FLIGHT_END,
        out ->
            out.text(end.finishReason().name())
                .integer(end.tokens().prompt())
                .integer(end.tokens().generated())
                .list(end.seams(), FrameWriter::integer));
  }

  /** Like {@link #head}, for the result of {@link #encode(FlightEnd)}. */
  public static Optional<FlightEnd> end(byte[] bytes) {
    return Frame.decode(
        Kind.FLIGHT_END,
        bytes,
        in ->
            new FlightEnd(
                FinishReason.valueOf(in.text()),
                new TokenCount(in.integer(), in.integer()),
                in.list(FrameReader::integer)));
  }

  public static byte[] encode(StreamRecord record) {
    return Frame.encode(
        Kind.STREAM,
        out ->
            out.text(record.tenant())
                .text(record.body())
                .optional(record.fingerprint(), fingerprint -> out.hash(fingerprint.hash()))
                .number(record.epoch()));
  }

  /** Like {@link #head}, for the result of {@link #encode(StreamRecord)}. */
  public static Optional<StreamRecord> record(byte[] bytes) {
    return Frame.decode(
        Kind.STREAM,
        bytes,
        in ->
            new StreamRecord(
                in.text(), in.text(), in.optional(() -> new Fingerprint(in.hash())), in.number()));
  }
}
