package dev.throng.backend;

import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.config.BackendConfig;
import dev.throng.core.Deadline;
import dev.throng.core.StopStrings;
import dev.throng.core.TokenRates;
import java.util.List;

/**
 * One server with one model, as the pool uses it. Every failure is classified here, once. Safe for
 * concurrent use. It does not count its calls, because the pool does.
 */
public interface Backend extends AutoCloseable {
  /**
   * One call.
   *
   * @param delivered raw text that other backends have already generated of the answer; the call
   *     continues after it. Not empty only where {@link Probed#canContinue}
   * @param maxTokens maximum length of the text
   * @param stop texts before which the text ends; a backend may leave that to the pool, which must
   *     check for stop strings that start in {@code delivered} anyway
   */
  record Call(Prompt prompt, String delivered, int maxTokens, StopStrings stop) {
    public Call(Prompt prompt, String delivered, int maxTokens) {
      this(prompt, delivered, maxTokens, StopStrings.NONE);
    }
  }

  /**
   * The result of a probe.
   *
   * @param modelDigest digest of the model's weights, template and parameters; "" when the server
   *     has none
   * @param canContinue whether it can continue text that another backend started
   */
  record Probed(String modelDigest, boolean canContinue) {}

  /** The prompt of a probe: short, and answered by every model. */
  Prompt PROBE =
      new Prompt("Answer with numbers alone.", "Count from 1 to 100.", "Count.", List.of(), "en");

  /** The seed of every call, so that equal prompts get equal answers. */
  int SEED = 0;

  /** Returns the configuration of the backend. */
  BackendConfig config();

  /** Returns the backend's URL, which identifies it in messages and metrics. */
  default String name() {
    return config().url().toString();
  }

  /**
   * Returns the digest of its model, or "" when the server has none.
   *
   * @throws dev.throng.core.ThrongException MODEL_MISSING, naming the command to get the model, or
   *     a BACKEND_* code
   */
  String modelDigest();

  /**
   * Loads the model and generates one token. A server that answers everything else but fails to
   * generate is down.
   *
   * @throws dev.throng.core.ThrongException as {@link #generate}
   */
  Probed probe(Deadline deadline);

  /**
   * Measures the lengths of texts in its model's tokens. Returns the guess when the server does not
   * report counts.
   *
   * @throws dev.throng.core.ThrongException as {@link #generate}
   */
  default TokenRates measureTokens() {
    return TokenRates.GUESS;
  }

  /**
   * Generates until the end, blocking. Interrupting the thread closes the connection.
   *
   * @throws dev.throng.core.ThrongException a BACKEND_* code, MODEL_MISSING, PROMPT_TOO_LONG,
   *     DEADLINE_EXCEEDED
   */
  Completion generate(Call call, TextSink sink, Deadline deadline);

  @Override
  void close();
}
