package dev.throng.backend;

import dev.throng.core.Script;
import dev.throng.core.TokenRates;
import java.util.function.ToIntFunction;

/**
 * Measures a model's {@link TokenRates} on a sample of each script. The samples are fixed, so that
 * the same model always has the same rates.
 */
public final class TokenMeter {
  /**
   * Safety factor for texts that differ from the samples. Overestimating a length costs less than
   * underestimating it.
   */
  private static final double MARGIN = 1.2;

  /**
   * Bounds of plausible tokens per character. No vocabulary has longer words, and no token is
   * shorter than a byte, of which a UTF-16 unit has at most three. A value outside was counted
   * differently, for example without the tokens that were already cached by the server.
   */
  private static final double MIN_RATE = 0.1;

  private static final double MAX_RATE = 3.2;

  private TokenMeter() {}

  /**
   * Measures the rates.
   *
   * @param count returns the number of tokens of a text, or 0 when the model does not report it; a
   *     fixed number of additional tokens, such as a start marker, does no harm
   */
  public static TokenRates measure(ToIntFunction<String> count) {
    TokenRates rates = TokenRates.GUESS;
    for (Script script : Script.values()) {
      String sample = sample(script);
      double own = sample.chars().filter(c -> Script.of((char) c) == script).count();
      double rate = (count.applyAsInt(sample) - otherTokens(sample, script, rates)) / own;
      if (rate >= MIN_RATE && rate <= MAX_RATE) {
        rates = rates.with(script, rate);
      }
    }
    return withMargin(rates);
  }

  /**
   * Returns a sample of the script. It may contain characters of earlier scripts, whose rates are
   * already known.
   */
  private static String sample(Script script) {
    return switch (script) {
      case LATIN -> // English, German, French
          "Employees may work from home on two days of the week if their manager agrees "
              + "Beschäftigte müssen Anträge für Dienstreisen eine Woche vorher stellen "
              + "Les salariés peuvent travailler à domicile deux jours par semaine";
      case MARKS ->
          """
          | plan | price | code |
          | --- | --- | --- |
          | gold | 125.50 EUR | GD-77310 |
          | 2026-11-24 | 09:51:17 | 192.168.10.254 |
          """;
      case ALPHABETS -> // Russian, Greek, Arabic
          "Сотрудники могут работать из дома два дня в неделю, με τη σύμφωνη γνώμη του προϊσταμένου"
              + " إذا وافق مديرهم على ذلك";
      case SYLLABLES -> // Hindi, Thai
          "कर्मचारी सप्ताह में दो दिन घर से काम कर सकते हैं หากหัวหน้างานเห็นด้วย";
      case DENSE -> // Chinese, Japanese, Korean
          "员工每周可以在家工作两天，但须经主管同意。申請は三日前までに送ってください。직원은 집에서 근무할 수 있습니다 👍";
    };
  }

  private static double otherTokens(String sample, Script own, TokenRates rates) {
    return sample
        .chars()
        .mapToObj(c -> Script.of((char) c))
        .filter(script -> script != own)
        .mapToDouble(rates::of)
        .sum();
  }

  private static TokenRates withMargin(TokenRates rates) {
    TokenRates wider = rates;
    for (Script script : Script.values()) {
      boolean isMeasured = rates.of(script) != TokenRates.GUESS.of(script);
      wider = isMeasured ? wider.with(script, rates.of(script) * MARGIN) : wider;
    }
    return wider;
  }
}
