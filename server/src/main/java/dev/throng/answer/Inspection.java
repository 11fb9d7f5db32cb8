package dev.throng.answer;

import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import dev.throng.core.ValidatedAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the cache would do with a question now.
 *
 * @param epoch the current epoch
 * @param tiers in lookup order
 * @param fingerprint the prompt that the current documents lead to; null when they contain nothing
 *     relevant
 * @param isAnswered whether an answer to exactly that prompt is known
 * @param canBeStale whether the degradation ladder could serve the local entry
 */
public record Inspection(
    QuestionKey key,
    long epoch,
    List<Held> tiers,
    @Nullable Fingerprint fingerprint,
    boolean isAnswered,
    boolean canBeStale) {

  /** Why an entry is served or not. */
  public enum Reason {
    /** Validated at the current epoch, so it is a hit. */
    CURRENT,
    /** Validated at another epoch, so the documents are checked first. */
    OTHER_EPOCH,
    /** An operator has made it unusable. */
    INVALIDATED,
    NO_ENTRY
  }

  /**
   * Returns how the question would be answered now: hit, revalidated, generated or unanswerable. It
   * could also follow another request's flight.
   */
  public String outcome() {
    if (tiers.stream().anyMatch(held -> held.reason() == Reason.CURRENT)) {
      return "hit";
    }
    return fingerprint == null ? "unanswerable" : isAnswered ? "revalidated" : "generated";
  }

  /** What one tier holds for the question. */
  public record Held(String tier, Reason reason, @Nullable ValidatedAnswer entry) {}
}
