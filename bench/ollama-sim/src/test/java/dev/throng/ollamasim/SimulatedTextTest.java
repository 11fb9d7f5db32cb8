package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimulatedText.Piece;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SimulatedTextTest {
  private static final AnswerLength LENGTH = AnswerLength.DEFAULT;

  private static String prompt(int number) {
    return "<|im_start|>user\nQuestion %d?<|im_end|>\n".formatted(number) + SimulatedText.ASSISTANT;
  }

  @Test
  void continuesAfterEveryPossibleCut() {
    for (int number = 0; number < 20; number++) {
      String whole = SimulatedText.answerTo(prompt(number));
      for (int cut = 0; cut <= whole.length(); cut++) {
        SimulatedText rest = SimulatedText.of(prompt(number) + whole.substring(0, cut), LENGTH);
        assertFalse(rest.isSeamBroken());
        assertEquals(whole.substring(cut), SimulatedText.join(rest.rest()));
      }
    }
  }

  @Test
  void returnsTheWholeAnswerForEveryDeliveredPart() {
    String whole = SimulatedText.answerTo(prompt(1));
    assertEquals(whole, SimulatedText.answerTo(prompt(1) + whole.substring(0, 30)));
    assertNotEquals(whole, SimulatedText.answerTo(prompt(2)));
  }

  @Test
  void restartsAfterForeignText() {
    SimulatedText text = SimulatedText.of(prompt(1) + "Never written", LENGTH);
    assertTrue(text.isSeamBroken());
    assertEquals(SimulatedText.answerTo(prompt(1)), SimulatedText.join(text.rest()));
  }

  @Test
  void limitsCountTokensInsteadOfPieces() {
    List<Piece> pieces = List.of(new Piece("a", 1), new Piece("日本", 3), new Piece("b", 1));
    List<String> shown =
        IntStream.rangeClosed(0, 6)
            .mapToObj(limit -> SimulatedText.join(SimulatedText.within(pieces, limit)))
            .toList();
    assertEquals(List.of("", "a", "a", "a", "a日本", "a日本b", "a日本b"), shown);
  }

  @Test
  void limitedAnswerIsThePrefixOfTheWhole() {
    String whole = SimulatedText.answerTo(prompt(3));
    for (int limit = 0; limit < 40; limit++) {
      assertTrue(whole.startsWith(SimulatedText.answerTo(prompt(3), LENGTH, limit)));
    }
  }

  @Test
  void stopsBeforeTheFirstOfTheStopSequencesEvenAcrossPieces() {
    List<Piece> pieces = List.of(new Piece("one", 1), new Piece(" [", 1), new Piece("1] two", 2));
    assertEquals("one", SimulatedText.join(SimulatedText.before(pieces, List.of("two", " [1"))));
    assertEquals("one [1] ", SimulatedText.join(SimulatedText.before(pieces, List.of("two"))));
    assertEquals(pieces, SimulatedText.before(pieces, List.of("three", "")));
  }

  @Test
  void lengthsAreLognormalAroundTheMedianAndClamped() {
    AnswerLength length = new AnswerLength(100, 0.5, 40, 250);
    int[] tokens =
        IntStream.range(0, 2000)
            .map(number -> SimulatedText.tokens(SimulatedText.of(prompt(number), length).rest()))
            .sorted()
            .toArray();
    double sigma = Math.log((double) tokens[1682] / tokens[1000]); // 84.1 %: one sigma above
    assertEquals(100, tokens[1000], 8);
    assertEquals(0.5, sigma, 0.06);
    assertTrue(tokens[0] >= 40 && tokens[1999] <= 260, Arrays.toString(tokens));
  }

  @Test
  void resemblesStreamsOfRealModels() {
    List<Piece> pieces =
        IntStream.range(0, 50)
            .boxed()
            .flatMap(number -> SimulatedText.of(prompt(number), LENGTH).rest().stream())
            .toList();
    String text = SimulatedText.join(pieces);
    assertTrue(pieces.stream().anyMatch(piece -> piece.tokens() > 1));
    assertTrue(text.contains("é") && text.contains("日本") && text.contains("\ud83d\ude42"));
    assertTrue(text.contains("\n\n") && text.contains(" [12]") && text.contains(" [7]."));
    assertTrue(pieces.contains(new Piece(" [", 1)) && pieces.contains(new Piece("]", 1)));
  }
}
