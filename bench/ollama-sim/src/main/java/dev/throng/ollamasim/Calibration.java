package dev.throng.ollamasim;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The simulator's rates, fitted to measurements of a real server.
 *
 * @param loadMillis how long loading took
 * @param prompts times of reading prompts, without other streams
 * @param writing decode rates, the first of a single stream
 */
record Calibration(long loadMillis, List<Prefill> prompts, List<Decode> writing) {
  private static final int PERCENT = 100;

  /** A prompt and how long reading it took. */
  record Prefill(int tokens, int characters, double seconds) {}

  /** The rate of each of several streams while all of them run. */
  record Decode(int streams, double tokensPerSecond) {}

  Calibration {
    prompts = List.copyOf(prompts);
    writing = List.copyOf(writing);
  }

  /**
   * Least squares of relative errors, because only these are equal for short and for long prompts;
   * and least squares of the additional cost of each further stream.
   */
  SimSettings.Rates rates() {
    Reading reading = reading();
    return new SimSettings.Rates(
        rounded(1 / reading.perToken()),
        rounded(1000 * reading.perPair() / reading.perToken()),
        rounded(decodeRate()),
        rounded(slowdown()),
        loadMillis);
  }

  /** Returns the difference between the fitted model and each measurement, as text. */
  List<String> errors() {
    SimSettings.Rates rates = rates();
    List<String> errors = new ArrayList<>();
    for (Prefill prompt : prompts) {
      double model = rates.prefillSeconds(prompt.tokens());
      errors.add(
          "prompt of %d tokens: %.3f s, model %.3f s (%+.0f %%)"
              .formatted(prompt.tokens(), prompt.seconds(), model, off(model, prompt.seconds())));
    }
    for (Decode each : writing) {
      double model = rates.decodeTokensPerSecond() / (1 + rates.slowdown() * (each.streams() - 1));
      errors.add(
          "%d streams: %.1f tokens/s each, model %.1f (%+.0f %%)"
              .formatted(
                  each.streams(),
                  each.tokensPerSecond(),
                  model,
                  off(model, each.tokensPerSecond())));
    }
    return errors;
  }

  /** Characters per token of the real tokeniser, where the simulator counts 4. */
  double charactersAToken() {
    return prompts.stream().mapToDouble(Prefill::characters).sum()
        / prompts.stream().mapToDouble(Prefill::tokens).sum();
  }

  /** Seconds = tokens * perToken + tokens * tokens * perPair. */
  private record Reading(double perToken, double perPair) {}

  private Reading reading() {
    // Minimises the sum of (x * perToken + y * perPair - 1) squared.
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double xs = 0;
    double ys = 0;
    for (Prefill prompt : prompts) {
      double x = prompt.tokens() / prompt.seconds();
      double y = x * prompt.tokens();
      xx += x * x;
      xy += x * y;
      yy += y * y;
      xs += x;
      ys += y;
    }
    double determinant = xx * yy - xy * xy;
    double perPair = (xx * ys - xy * xs) / determinant;
    // One length does not determine it, and a long prompt must not become cheaper.
    return perPair > 0
        ? new Reading((yy * xs - xy * ys) / determinant, perPair)
        : new Reading(xs / xx, 0);
  }

  private double decodeRate() {
    return writing.getFirst().tokensPerSecond();
  }

  private double slowdown() {
    double above = 0;
    double below = 0;
    for (Decode each : writing) {
      double others = each.streams() - 1.0;
      above += others * (decodeRate() / each.tokensPerSecond() - 1);
      below += others * others;
    }
    return below == 0 ? 0 : Math.max(0, above / below);
  }

  private static double off(double model, double measured) {
    return PERCENT * (model / measured - 1);
  }

  /** Rounds to three digits. */
  private static double rounded(double value) {
    return value == 0 ? 0 : new BigDecimal(value).round(new MathContext(3)).doubleValue();
  }
}
