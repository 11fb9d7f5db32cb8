package dev.throng.core;

import java.util.List;
import java.util.Set;

/**
 * A finished generation. Shared by everyone who asks what leads to the same prompt; it does not
 * know its sources, because those are read again from today's documents.
 *
 * @param answerId names this generation
 * @param text what was delivered, citations checked
 * @param generator what made it: ollama or extractive
 * @param model the model's name; the generator's own name when it has no model
 * @param cited numbers of the passages that the text refers to
 * @param removedCitations references to passages that were not in the prompt, taken out of the text
 * @param tokens tokens generated, 0 when unknown
 * @param seams where another backend went on, in characters of raw text: citations that were taken
 *     out count
 */
public record Answer(
    String answerId,
    String text,
    String generator,
    String model,
    FinishReason finishReason,
    Set<Integer> cited,
    int removedCitations,
    int tokens,
    List<Integer> seams) {

  /** Why it ended. */
  public enum FinishReason {
    /** The model had no more to say. */
    STOP,
    /** It reached the longest answer allowed. */
    LENGTH,
    /** The model began, and then refused to go on. */
    REFUSAL,
    /** A filter at the backend cut it off. */
    CONTENT_FILTER,
    /** Nothing relevant was found, so no model was asked. */
    UNANSWERABLE
  }

  /**
   * Only a whole answer is kept: the next one who asks may have more luck with one that was cut
   * off, refused or filtered.
   */
  public boolean isCacheable() {
    return switch (finishReason) {
      case STOP, UNANSWERABLE -> !text.isBlank();
      case LENGTH, REFUSAL, CONTENT_FILTER -> false;
    };
  }
}
