package dev.throng.core;

import java.util.List;
import java.util.Map;

/**
 * A finished generation, shared by all requests that lead to the same prompt. It does not hold its
 * sources, because each request reads them again from the current documents.
 *
 * @param answerId identifies this generation
 * @param text the delivered text, with its citations checked
 * @param generator what made it: ollama or extractive
 * @param model the model's name, or the generator's own name when it has no model
 * @param cited the ranges of the passages' texts that the text refers to, by the numbers of the
 *     passages
 * @param removedCitations number of references that were removed from the text because their
 *     passages were not in the prompt
 * @param tokens tokens of the generation
 * @param seams positions at which another backend continued the text, in characters of raw text,
 *     including citations that were removed
 */
public record Answer(
    String answerId,
    String text,
    String generator,
    String model,
    FinishReason finishReason,
    Map<Integer, List<TextRange>> cited,
    int removedCitations,
    TokenCount tokens,
    List<Integer> seams) {

  /** Why a generation ended. */
  public enum FinishReason {
    /** The model finished its answer. */
    STOP,
    /** The answer reached the maximum length. */
    LENGTH,
    /** The model started to answer and then refused to continue. */
    REFUSAL,
    /** A filter at the backend cut the answer off. */
    CONTENT_FILTER,
    /** Nothing relevant was found, so no model was called. */
    UNANSWERABLE,
    /** No passage clearly answers, so the closest ones are quoted. */
    CLOSEST_PASSAGES;

    /** Returns whether the text answers the question, as far as it goes. */
    public boolean isAnswer() {
      return this != UNANSWERABLE && this != CLOSEST_PASSAGES;
    }
  }

  /**
   * Returns whether this answer may be cached. Only a complete answer is cached: a later request
   * may do better than one that was cut off, refused or filtered.
   */
  public boolean isCacheable() {
    return switch (finishReason) {
      case STOP, UNANSWERABLE, CLOSEST_PASSAGES -> !text.isBlank();
      case LENGTH, REFUSAL, CONTENT_FILTER -> false;
    };
  }
}
