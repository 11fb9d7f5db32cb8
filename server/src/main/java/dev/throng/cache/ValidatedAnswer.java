package dev.throng.cache;

import dev.throng.core.Answer;
import dev.throng.core.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a question led to when it was last checked: the answer, and the sources as they were at that
 * epoch.
 */
public final class ValidatedAnswer {
  private static final int OVERHEAD_BYTES = 512;

  /** The text itself, and at most as much again in its wire form. */
  private static final int COPIES = 2;

  private final Answer answer;
  private final List<Source> sources;
  private final long epoch;
  private final @Nullable Origin origin;
  private volatile byte @Nullable [] wireForm;

  /**
   * @param epoch the epoch at which today's documents led to this answer
   */
  public ValidatedAnswer(Answer answer, List<Source> sources, long epoch) {
    this(answer, sources, epoch, null);
  }

  /**
   * @param origin what it is about; null where nobody will look for it
   */
  public ValidatedAnswer(Answer answer, List<Source> sources, long epoch, @Nullable Origin origin) {
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

  /** What it is about; null when it was written by a release that did not say. */
  public @Nullable Origin origin() {
    return origin;
  }

  /**
   * The encoded form, made at the first hit and kept: a hot answer is not encoded ten thousand
   * times.
   */
  public byte[] wireForm(Function<ValidatedAnswer, byte[]> encoder) {
    byte[] made = wireForm;
    if (made == null) {
      made = encoder.apply(this);
      wireForm = made;
    }
    return made;
  }

  /** About how much memory it takes once encoded, in bytes. */
  int weightBytes() {
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
