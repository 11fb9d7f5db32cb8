package dev.throng.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuestionTest {
  private static final String ALPHABET = "ab.? \t\n\u00A0\u2003e\u0301é\u007F\u001Fß";

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'How much leave?', 'How much leave?'
          ' How much  leave? ', 'How much leave?'
          'How\tmuch\u00A0leave?\n', 'How much leave?'
          'HOW much leave', 'HOW much leave'
          'Cafe\u0301?', 'Café?'
          """)
  void blanksAreCollapsedAndTextIsComposed(String asked, String normal) {
    assertEquals(normal, Question.normalised(asked));
  }

  @Test
  void normalTextIsNotCopied() {
    String text = "How much leave is there?";
    assertSame(text, Question.normalised(text));
    assertEquals("", Question.normalised(" \n"));
  }

  /** Beside the shortest way to say it, which is too slow for every request. */
  @Test
  void anyTextIsNormalisedAlike() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(9); length > 0; length--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
      String wanted = composed.replaceAll("[\\s\\p{Z}\\x1C-\\x1F]+", " ").strip();
      assertEquals(wanted, Question.normalised(text.toString()), () -> "<" + text + ">");
    }
  }
}
