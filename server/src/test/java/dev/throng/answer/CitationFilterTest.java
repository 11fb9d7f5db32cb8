package dev.throng.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CitationFilterTest {
  private static final int PASSAGES = 3;

  private static String filter(String text) {
    CitationFilter filter = new CitationFilter(PASSAGES, false);
    return filter.append(text) + filter.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a [1].|a [1].",
        "a [4].|a.",
        "a [0] b|a b",
        "a[3][9]|a[3]",
        "a [1, 2]|a [1, 2]",
        "a [1,7, 3]|a [1, 3]",
        "a [ 2 ]|a [2]",
        "[9]|",
        "[9] b| b",
        "x[i] and [see 4]|x[i] and [see 4]",
        "a [12345]|a [12345]",
        "a [1|a [1",
        "a  [4] b|a  b",
        "[[1]]|[[1]]",
      })
  void onlyPassagesOfThePromptAreCited(String raw, String delivered) {
    assertEquals(delivered == null ? "" : delivered, filter(raw));
  }

  @Test
  void bracketsOfDocumentsStayInQuotations() {
    CitationFilter filter = new CitationFilter(PASSAGES, true);
    String quoted = "The rope holds 40 kN, see [7] and list[0]. [2]\n\nIt is checked [9]. [1]";
    assertEquals(quoted, filter.append(quoted) + filter.finish());
    assertEquals(0, filter.removed());
  }

  @Test
  void removedCitationsAreCounted() {
    CitationFilter filter = new CitationFilter(PASSAGES, false);
    String unused = filter.append("a [1] b [3, 8] c [77] [1].") + filter.finish();
    assertEquals("a [1] b [3] c [1].", unused);
    assertEquals(2, filter.removed());
  }

  @Test
  void longListIsCheckedRegardlessOfSplits() {
    String list = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]";
    CitationFilter filter = new CitationFilter(PASSAGES, false);
    StringBuilder delivered = new StringBuilder();
    for (int i = 0; i < list.length(); i++) {
      delivered.append(filter.append(list.substring(i, i + 1)));
    }
    assertEquals("[1, 2, 3]", delivered.append(filter.finish()).toString());
    assertEquals(17, filter.removed());
  }

  /**
   * However the text is split into pieces, the delivered text is the same, and little is held back.
   */
  @Test
  void splittingChangesNothing() {
    String[] parts = {
      " ", "[", "]", "1", "2", "9", "44", ",", "word", ".", "\n", "[1]", " [8]", "😀"
    };
    for (long seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(1, 30); i > 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      String whole = text.toString();
      CitationFilter filter = new CitationFilter(PASSAGES, false);
      StringBuilder delivered = new StringBuilder();
      for (int from = 0; from < whole.length(); ) {
        int to = Math.min(whole.length(), from + random.nextInt(1, 5));
        delivered.append(filter.append(whole.substring(from, to)));
        from = to;
        assertTrue(filter.heldChars() <= from, "seed " + seed);
      }
      delivered.append(filter.finish());
      assertEquals(filter(whole), delivered.toString(), "seed " + seed + ": " + whole);
    }
  }
}
