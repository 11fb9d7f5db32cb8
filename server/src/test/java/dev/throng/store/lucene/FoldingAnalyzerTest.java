package dev.throng.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of an index and of a question are equal however Unicode writes them. */
final class FoldingAnalyzerTest {
  @ParameterizedTest
  @CsvSource({
    "de, Prüfung der Kühltürme",
    "fr, le créancier hypothécaire",
    "none, 학교 급식 비용",
    "none, Nghị định về tiền lương",
    "ru, Кто выдаёт пропуск"
  })
  void decomposedWordsAreComposedOnes(String language, String text) {
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    assertEquals(LuceneWords.inIndex(language, text), LuceneWords.inIndex(language, decomposed));
  }

  @ParameterizedTest
  @CsvSource({
    "ﬁnancial aﬃdavit, financial affidavit",
    "ＡＢＣ１２３, abc123",
    "STRASSE, straße",
  })
  void compatibleAndLargeLettersAreTheirPlainOnes(String text, String plain) {
    assertEquals(LuceneWords.inIndex("none", plain), LuceneWords.inIndex("none", text));
  }

  @Test
  void englishWordsAreAsBefore() {
    assertEquals(
        List.of("manag", "offic", "2,5", "x", "509"),
        LuceneWords.inIndex("en", "The Manager's OFFICES, 2,5 x.509"));
  }

  @Test
  void clauseWithoutBlanksIsSplitIntoPairsOfLetters() {
    List<String> clause = LuceneWords.inIndex("none", "เบี้ยเลี้ยงรายวันในประเทศ");
    assertTrue(clause.containsAll(LuceneWords.inIndex("none", "รายวัน")), clause.toString());
    assertEquals(List.of("กข", "ขค"), LuceneWords.inIndex("none", "กขค"));
    assertEquals(List.of("ก้ข", "ขค"), LuceneWords.inIndex("none", "ก้ขค"));
    assertEquals(List.of("ก"), LuceneWords.inIndex("none", "ก"));
    assertEquals(List.of("กข", "ขค", "word"), LuceneWords.inIndex("none", "กขค word"));
  }
}
