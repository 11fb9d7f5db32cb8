package dev.throng.backend;

import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.core.TokenRates;
import java.util.List;

/** Generates an answer from a prompt. Safe for concurrent use. */
public interface Generator extends AutoCloseable {
  /**
   * The end of a generation.
   *
   * @param tokens tokens of the generation
   * @param seams positions at which another backend continued, in characters of raw text; empty
   *     when none had to
   */
  record Completion(FinishReason finishReason, TokenCount tokens, List<Integer> seams) {
    public Completion(FinishReason finishReason, TokenCount tokens) {
      this(finishReason, tokens, List.of());
    }
  }

  /** Receives raw text piece by piece while it is generated. */
  @FunctionalInterface
  interface TextSink {
    /**
     * Receives a piece of text: on any thread, but on one at a time, and never after the end of the
     * generation.
     */
    void append(String piece);

    /**
     * Returns whether any of the appended text has reached a listener. Until then, another answer
     * can still replace it.
     */
    default boolean isShown() {
      return true;
    }
  }

  GeneratorIdentity identity();

  /**
   * Returns how many generations it can run simultaneously now. The number changes when backends
   * come and go.
   */
  int slots();

  /** Calls {@code listener} from now on whenever {@link #slots} may have changed. */
  default void onSlotsChange(Runnable listener) {}

  /**
   * Returns whether its text is quoted from the passages, each paragraph with the number of its
   * passage at the end. Other brackets in it are the documents' own.
   */
  default boolean isQuoting() {
    return false;
  }

  /** Returns the token rates of its model. Another value leads to other prompts. */
  default TokenRates tokenRates() {
    return TokenRates.GUESS;
  }

  /** Returns the maximum length of a prompt, in tokens by {@link #tokenRates}. */
  int maxPromptTokens(int maxTokens);

  /** Returns the maximum length of an answer, in tokens. */
  int maxTokens();

  /**
   * Generates, blocking until the end. Interrupting the thread stops the generation and frees the
   * backend.
   *
   * @param limits limits at which the text ends
   * @throws dev.throng.core.ThrongException a BACKEND_* code, MODEL_MISSING, PROMPT_TOO_LONG,
   *     DEADLINE_EXCEEDED
   */
  Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink);

  /**
   * Like {@link #generate(Prompt, AnswerLimits, Deadline, TextSink)}, with a maximum length only.
   */
  default Completion generate(Prompt prompt, int maxTokens, Deadline deadline, TextSink sink) {
    return generate(prompt, AnswerLimits.tokens(maxTokens), deadline, sink);
  }

  /**
   * Like {@link #generate(Prompt, AnswerLimits, Deadline, TextSink)}, but continues after the part
   * of the answer that was already generated, here or by another replica. A generator that always
   * writes the same text need not implement this: by default the whole answer is generated again,
   * and the known part is left out.
   *
   * @param partialText raw text that was already passed on
   */
  default Completion continueFrom(
      Prompt prompt, String partialText, AnswerLimits limits, Deadline deadline, TextSink sink) {
    int[] made = new int[1];
    return generate(
        prompt,
        limits,
        deadline,
        piece -> {
          int known = Math.clamp(partialText.length() - made[0], 0, piece.length());
          if (known > 0 && !partialText.startsWith(piece.substring(0, known), made[0])) {
            throw new ThrongException(
                ErrorCode.BACKEND_PROTOCOL, "the answer differed when it was generated again");
          }
          made[0] += piece.length();
          if (known < piece.length()) {
            sink.append(piece.substring(known));
          }
        });
  }

  @Override
  void close();
}
