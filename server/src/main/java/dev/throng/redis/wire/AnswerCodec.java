package dev.throng.redis.wire;

import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.Span;
import dev.throng.core.TextRange;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.redis.wire.Frame.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Encodes answers as bytes in a {@link Frame}. */
public final class AnswerCodec {
  private AnswerCodec() {}

  public static byte[] encode(Answer answer) {
    return Frame.encode(Kind.ANSWER, out -> write(out, answer));
  }

  /** Encodes an answer together with what it was made from. */
  public static byte[] encode(Answer answer, MadeFrom from) {
    return Frame.encode(
        Kind.ANSWER_MADE_FROM,
        out -> {
          write(out, answer);
          out.text(from.collection().tenant())
              .text(from.collection().name())
              .number(from.epoch())
              .list(from.versions(), FrameWriter::number);
        });
  }

  /**
   * Returns what an answer was made from.
   *
   * @return empty when the bytes do not contain it, as in earlier releases, or are not an answer
   */
  public static Optional<MadeFrom> madeFrom(byte[] bytes) {
    return Frame.decode(
        Kind.ANSWER_MADE_FROM,
        bytes,
        in -> {
          answer(in);
          return new MadeFrom(
              new CollectionRef(in.text(), in.text()),
              in.number(),
              Set.copyOf(in.list(FrameReader::number)));
        });
  }

  /**
   * Returns the unpacked content of any value of the cache or of flights, or the bytes themselves
   * if they are not such a value.
   */
  public static byte[] unpacked(byte[] bytes) {
    return Frame.unpacked(bytes);
  }

  public static byte[] encode(ValidatedAnswer validated) {
    return Frame.encode(
        Kind.VALIDATED_ANSWER,
        out -> {
          out.number(validated.epoch());
          write(out, validated.answer());
          out.list(validated.sources(), AnswerCodec::write);
          out.optional(validated.origin(), origin -> write(out, origin));
        });
  }

  /**
   * Decodes an answer.
   *
   * @return empty when the bytes are not an answer, have another version, or are damaged
   */
  public static Optional<Answer> answer(byte[] bytes) {
    return Frame.decode(Kind.ANSWER_MADE_FROM, bytes, AnswerCodec::answer)
        .or(() -> Frame.decode(Kind.ANSWER, bytes, AnswerCodec::answer));
  }

  /** Like {@link #answer}, for the result of {@link #encode(ValidatedAnswer)}. */
  public static Optional<ValidatedAnswer> validated(byte[] bytes) {
    return Frame.decode(
        Kind.VALIDATED_ANSWER,
        bytes,
        in -> {
          long epoch = in.number();
          Answer answer = answer(in);
          return new ValidatedAnswer(
              answer, in.list(AnswerCodec::source), epoch, in.optional(() -> origin(in)));
        });
  }

  private static void write(FrameWriter out, Answer answer) {
    out.text(answer.answerId())
        .text(answer.text())
        .text(answer.generator())
        .text(answer.model())
        .text(answer.finishReason().name())
        .list(answer.cited().entrySet(), AnswerCodec::write)
        .integer(answer.removedCitations())
        .integer(answer.tokens().prompt())
        .integer(answer.tokens().generated())
        .list(answer.seams(), FrameWriter::integer);
  }

  private static Answer answer(FrameReader in) {
    return new Answer(
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        FinishReason.valueOf(in.text()),
        cited(in),
        in.integer(),
        new TokenCount(in.integer(), in.integer()),
        in.list(FrameReader::integer));
  }

  private static void write(FrameWriter out, Map.Entry<Integer, List<TextRange>> cited) {
    out.integer(cited.getKey()).list(cited.getValue(), AnswerCodec::write);
  }

  private static Map<Integer, List<TextRange>> cited(FrameReader in) {
    return in.list(each -> Map.entry(each.integer(), each.list(AnswerCodec::range))).stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void write(FrameWriter out, TextRange range) {
    out.integer(range.start()).integer(range.end());
  }

  private static TextRange range(FrameReader in) {
    return new TextRange(in.integer(), in.integer());
  }

  static void write(FrameWriter out, Source source) {
    Passage passage = source.passage();
    out.integer(source.n())
        .list(source.cited(), AnswerCodec::write)
        .text(passage.documentId())
        .number(passage.version())
        .text(passage.uri())
        .text(passage.title())
        .text(passage.headings())
        .integer(passage.start())
        .integer(passage.end())
        .text(passage.text())
        .list(passage.spans(), AnswerCodec::write)
        .integer(passage.isSuperseded() ? 1 : 0)
        .real(passage.score());
  }

  static Source source(FrameReader in) {
    int n = in.integer();
    List<TextRange> cited = in.list(AnswerCodec::range);
    Passage passage =
        new Passage(
            in.text(),
            in.number(),
            in.text(),
            in.text(),
            in.text(),
            in.integer(),
            in.integer(),
            in.text(),
            in.list(AnswerCodec::span),
            in.integer() == 1,
            in.real());
    return new Source(n, passage, cited);
  }

  private static void write(FrameWriter out, Span span) {
    out.integer(span.start())
        .integer(span.end())
        .integer(span.page())
        .text(span.pageLabel())
        .text(span.section());
  }

  private static Span span(FrameReader in) {
    return new Span(in.integer(), in.integer(), in.integer(), in.text(), in.text());
  }

  private static void write(FrameWriter out, AnswerOrigin origin) {
    out.text(origin.collection().tenant())
        .text(origin.collection().name())
        .hash(origin.question())
        .optional(origin.fingerprint(), fingerprint -> out.hash(fingerprint.hash()))
        .number(origin.validatedAt().toEpochMilli());
  }

  private static AnswerOrigin origin(FrameReader in) {
    return new AnswerOrigin(
        new CollectionRef(in.text(), in.text()),
        in.hash(),
        in.optional(() -> new Fingerprint(in.hash())),
        Instant.ofEpochMilli(in.number()));
  }
}
