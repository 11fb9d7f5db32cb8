package dev.throng.cache;

import dev.throng.core.Answer;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import dev.throng.core.ValidatedAnswer;
import java.util.Optional;

/**
 * Finished answers that all replicas share. A lookup takes a bounded time and never fails: a tier
 * that does not answer counts as empty. Entries may be of any epoch, which the caller checks.
 */
public interface SharedTier {
  /** Returns the answer from the last time that any replica answered the question. */
  Optional<ValidatedAnswer> latest(QuestionKey key);

  /** Returns the answer that was generated from exactly this prompt. */
  Optional<Answer> generatedFrom(Fingerprint fingerprint);

  /** Stores an answer in the background. The first one for a fingerprint stays. */
  void keep(Fingerprint fingerprint, Answer answer, MadeFrom from);

  /** Returns statistics of this process, without calling the store. */
  TierStats stats();

  /** Records the answer to a question in the background. */
  void validate(QuestionKey key, ValidatedAnswer validated);
}
