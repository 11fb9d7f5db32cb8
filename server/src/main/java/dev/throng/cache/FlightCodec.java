package dev.throng.cache;

import dev.throng.cache.Frame.Kind;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.StopStrings;
import java.util.Optional;

/** A generation's beginning and end, and who streams it, as bytes in a {@link Frame}. */
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
   * @return empty when it is not one, or of another version, or damaged
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
                .integer(end.tokens())
                .list(end.seams(), FrameWriter::integer));
  }

  /** As {@link #head}, for what {@link #encode(FlightEnd)} made. */
  public static Optional<FlightEnd> end(byte[] bytes) {
    return Frame.decode(
        Kind.FLIGHT_END,
        bytes,
        in ->
            new FlightEnd(
                FinishReason.valueOf(in.text()), in.integer(), in.list(FrameReader::integer)));
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

  /** As {@link #head}, for what {@link #encode(StreamRecord)} made. */
  public static Optional<StreamRecord> record(byte[] bytes) {
    return Frame.decode(
        Kind.STREAM,
        bytes,
        in ->
            new StreamRecord(
                in.text(), in.text(), in.optional(() -> new Fingerprint(in.hash())), in.number()));
  }
}
