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
 * many threads; it does not count its calls, the pool does.
 */
public interface Backend extends AutoCloseable {
  /**
   * One call.
   *
   * @param delivered raw text that other backends have made of the answer already; the call goes on
   *     behind it. Not empty only where {@link Probed#canContinue}
   * @param maxTokens longest text wanted
   * @param stop texts to end before; a backend may leave that to the pool, which must anyway watch
   *     for one that began in {@code delivered}
   */
  record Call(Prompt prompt, String delivered, int maxTokens, StopStrings stop) {
    public Call(Prompt prompt, String delivered, int maxTokens) {
      this(prompt, delivered, maxTokens, StopStrings.NONE);
    }
  }

  /**
   * What a probe found.
   *
   * @param modelDigest of the model's weights, template and parameters; "" when the server has none
   * @param canContinue whether it can go on with what another backend began
   */
  record Probed(String modelDigest, boolean canContinue) {}

  /** What its probe asks: short, and answered by every model. */
  Prompt PROBE =
      new Prompt("Answer with numbers alone.", "Count from 1 to 100.", "Count.", List.of(), "en");

  /** Where and what it is. */
  BackendConfig config();

  /** Names it in messages and metrics: its URL. */
  default String name() {
    return config().url().toString();
  }

  /**
   * The digest of its model, "" when the server has none.
   *
   * @throws dev.throng.core.ThrongException MODEL_MISSING, naming the command that gets it, or a
   *     BACKEND_* code
   */
  String modelDigest();

  /**
   * Loads the model and makes one token. A server that answers everything but that is down.
   *
   * @throws dev.throng.core.ThrongException as {@link #generate}
   */
  Probed probe(Deadline deadline);

  /**
   * Measures what texts are in its model's tokens; the guess when the server tells no counts.
   *
   * @throws dev.throng.core.ThrongException as {@link #generate}
   */
  default TokenRates measureTokens() {
    return TokenRates.GUESS;
  }

  /**
   * Generates to the end, blocking. Interrupting the thread closes the connection.
   *
   * @throws dev.throng.core.ThrongException a BACKEND_* code, MODEL_MISSING, PROMPT_TOO_LONG,
   *     DEADLINE_EXCEEDED
   */
  Completion generate(Call call, TextSink sink, Deadline deadline);

  @Override
  void close();
}
