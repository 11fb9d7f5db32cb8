package dev.throng.cache;

import dev.throng.core.Answer;
import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import java.util.Optional;

/**
 * Finished answers that all replicas share. Looking into it takes a bounded time and never fails:
 * one that does not answer knows nothing. What it holds may be of any epoch; the caller checks.
 */
public interface SharedTier {
  /** What the question led to when a replica answered it last. */
  Optional<ValidatedAnswer> latest(QuestionKey key);

  /** The answer that was generated from this very prompt. */
  Optional<Answer> generatedFrom(Fingerprint fingerprint);

  /** Keeps an answer, in the background; the first one for a fingerprint stays. */
  void keep(Fingerprint fingerprint, Answer answer, MadeFrom from);

  /** What it has done for this process; never asks it. */
  TierStats stats();

  /** Notes what a question leads to, in the background. */
  void validate(QuestionKey key, ValidatedAnswer validated);
}
