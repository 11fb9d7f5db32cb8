package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.text.Normalizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in several ways in Unicode is one text. */
final class UnicodeFormsTest {
  @ParameterizedTest
  @ValueSource(strings = {"Prüfung der Kühltürme", "학교 급식", "Nghị định về tiền lương", "ガソリン"})
  void decomposedTextIsComposed(String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    assertEquals(text, UnicodeForms.composed(decomposed));
    assertEquals(UnicodeForms.folded(text), UnicodeForms.folded(decomposed));
  }

  @ParameterizedTest
  @CsvSource({"ﬁnancial oﬃce, financial office", "ＡＢＣ－１２３, ABC-123", "ﾊﾞｽ, バス", "10 ㎡, 10 m2"})
  void compatibleCharactersAreThoseThatTheyStandFor(String text, String plain) {
    assertEquals(plain, UnicodeForms.compatible(text));
  }

  @ParameterizedTest
  @CsvSource({"STRASSE, straße", "ΟΔΟΣ, οδος", "İstanbul, i\u0307stanbul", "Ǆ, ǆ"})
  void caseMakesNoDifference(String upper, String lower) {
    assertEquals(UnicodeForms.folded(lower), UnicodeForms.folded(upper));
  }
}
