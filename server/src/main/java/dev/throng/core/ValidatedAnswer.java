package dev.throng.core;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question when it was last checked, with the sources as they were at that epoch.
 */
public final class ValidatedAnswer {
  private static final int OVERHEAD_BYTES = 512;

  /** The text itself, and at most the same size again in its wire form. */
  private static final int COPIES = 2;

  private final Answer answer;
  private final List<Source> sources;
  private final long epoch;
  private final @Nullable AnswerOrigin origin;
  private volatile byte @Nullable [] wireForm;

  /**
   * Creates an answer without an origin.
   *
   * @param epoch the epoch at which the documents led to this answer
   */
  public ValidatedAnswer(Answer answer, List<Source> sources, long epoch) {
    this(answer, sources, epoch, null);
  }

  /**
   * Creates an answer.
   *
   * @param origin what it was made from and for; null where that is not recorded
   */
  public ValidatedAnswer(
      Answer answer, List<Source> sources, long epoch, @Nullable AnswerOrigin origin) {
    this.answer = answer;
    this.sources = List.copyOf(sources);
    this.epoch = epoch;
    this.origin = origin;
  }

  public Answer answer() {
    return answer;
  }

  public List<Source> sources() {
    return sources;
  }

  public long epoch() {
    return epoch;
  }

  /** Returns what it was made from and for, or null where that is not recorded. */
  public @Nullable AnswerOrigin origin() {
    return origin;
  }

  /** Returns what it was made from, or empty where that was not recorded. */
  public Optional<MadeFrom> madeFrom() {
    return origin == null
        ? Optional.empty()
        : Optional.of(MadeFrom.of(origin.collection(), epoch, sources));
  }

  /**
   * Returns the encoded form. It is encoded at the first hit and kept, so that a popular answer is
   * not encoded for each hit.
   */
  public byte[] wireForm(Function<ValidatedAnswer, byte[]> encoder) {
    byte[] made = wireForm;
    if (made == null) {
      made = encoder.apply(this);
      wireForm = made;
    }
    return made;
  }

  /** Returns the approximate memory that it takes once encoded, in bytes. */
  public int weightBytes() {
    int bytes = OVERHEAD_BYTES + COPIES * utf8Length(answer.text());
    for (Source source : sources) {
      bytes += OVERHEAD_BYTES + COPIES * utf8Length(source.passage().text());
    }
    return bytes;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
