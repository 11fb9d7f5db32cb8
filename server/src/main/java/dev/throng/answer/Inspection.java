package dev.throng.answer;

import dev.throng.cache.ValidatedAnswer;
import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cache would do with a question now.
 *
 * @param epoch the current one
 * @param tiers in the order they are asked
 * @param fingerprint of the prompt that today's documents lead to; null when they hold nothing
 * @param isAnswered whether an answer from that very prompt is known
 * @param canBeStale whether the degradation ladder could give the entry of the process
 */
public record Inspection(
    QuestionKey key,
    long epoch,
    List<Held> tiers,
    @Nullable Fingerprint fingerprint,
    boolean isAnswered,
    boolean canBeStale) {

  /** Why an entry is served, or not. */
  public enum Reason {
    /** Validated at the current epoch: it is a hit. */
    CURRENT,
    /** Validated at another epoch: the documents are asked first. */
    OTHER_EPOCH,
    /** An operator has made it unusable. */
    INVALIDATED,
    NO_ENTRY
  }

  /**
   * How the question would be answered now: hit, revalidated, generated or unanswerable. A flight
   * of another one could still be followed.
   */
  public String outcome() {
    if (tiers.stream().anyMatch(held -> held.reason() == Reason.CURRENT)) {
      return "hit";
    }
    return fingerprint == null ? "unanswerable" : isAnswered ? "revalidated" : "generated";
  }

  /** What one tier holds for it. */
  public record Held(String tier, Reason reason, @Nullable ValidatedAnswer entry) {}
}
