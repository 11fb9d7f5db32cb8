package dev.throng.backend;

import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenRates;
import java.util.List;

/** Makes an answer from a prompt. Safe for many threads. */
public interface Generator extends AutoCloseable {
  /**
   * How a generation ended.
   *
   * @param tokens made, 0 when unknown
   * @param seams where another backend went on, in characters of raw text; empty when none had to
   */
  record Completion(FinishReason finishReason, int tokens, List<Integer> seams) {
    public Completion(FinishReason finishReason, int tokens) {
      this(finishReason, tokens, List.of());
    }
  }

  /** Takes raw text piece by piece as it is made. */
  @FunctionalInterface
  interface TextSink {
    void append(String piece);

    /**
     * Whether anything of what was appended has reached a listener: as long as nothing has, another
     * answer can still take its place.
     */
    default boolean isShown() {
      return true;
    }
  }

  GeneratorIdentity identity();

  /** Generations it can run at once now; changes when backends come and go. */
  int slots();

  /**
   * Calls {@code listener} whenever {@link #slots} may have changed. Once, before the first use.
   */
  default void onSlotsChange(Runnable listener) {}

  /** What texts are in its tokens; another value makes other prompts. */
  default TokenRates tokenRates() {
    return TokenRates.GUESS;
  }

  /** Longest prompt, in tokens by {@link #tokenRates}. */
  int maxPromptTokens(int maxTokens);

  /** Longest answer it makes, in tokens. */
  int maxTokens();

  /**
   * Generates, blocking until the end. Interrupting the thread stops it, and frees the backend.
   *
   * @param limits where the text ends at the latest
   * @throws dev.throng.core.ThrongException a BACKEND_* code, MODEL_MISSING, PROMPT_TOO_LONG,
   *     DEADLINE_EXCEEDED
   */
  Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink);

  /** As above, with nothing but its length to end it early. */
  default Completion generate(Prompt prompt, int maxTokens, Deadline deadline, TextSink sink) {
    return generate(prompt, AnswerLimits.tokens(maxTokens), deadline, sink);
  }

  /**
   * As {@link #generate(Prompt, AnswerLimits, Deadline, TextSink)}, going on behind what was made
   * of the answer before, here or by another replica. One that always writes the same need not know
   * how: by default the whole is made again, and what is known of it left out.
   *
   * @param begun raw text that was passed on already
   */
  default Completion continueFrom(
      Prompt prompt, String begun, AnswerLimits limits, Deadline deadline, TextSink sink) {
    int[] made = new int[1];
    return generate(
        prompt,
        limits,
        deadline,
        piece -> {
          int known = Math.clamp(begun.length() - made[0], 0, piece.length());
          if (known > 0 && !begun.startsWith(piece.substring(0, known), made[0])) {
            throw new ThrongException(
                ErrorCode.BACKEND_PROTOCOL, "the answer was not the same when it was made again");
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
