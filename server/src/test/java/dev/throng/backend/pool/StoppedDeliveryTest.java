package dev.throng.backend.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.ErrorCode;
import dev.throng.core.StopStrings;
import dev.throng.core.TokenCount;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Stop strings: in one piece, across pieces, across a seam, and in random text. */
final class StoppedDeliveryTest {
  private static final int ROUNDS = 20_000;
  private static final int MAX_TOKENS = 100_000;

  /** Few characters, so that whole and partial stop strings occur; some have two UTF-16 units. */
  private static final List<String> ALPHABET = List.of("a", "b", "c", "😀", "👍");

  private static Delivery stoppedAt(String... texts) {
    return new Delivery(new AnswerLimits(MAX_TOKENS, StopStrings.of(texts)));
  }

  @Test
  void answerEndsBeforeTheStopString() {
    Delivery delivery = stoppedAt("\nQuestion:", "END");
    assertEquals("Two", delivery.append("Two\n", false));
    assertEquals("", delivery.append("Que", false));
    assertEquals("\nQue days", delivery.append(" days", false), "it was not a stop string");
    assertFalse(delivery.isStopped());
    assertEquals(".", delivery.append(".\nQuestion: and so on END", false));
    assertTrue(delivery.isStopped());
    assertEquals("", delivery.finish());
    assertEquals(FinishReason.STOP, delivery.stopped().finishReason());
  }

  @Test
  void partialStopStringAtTheEndBelongsToTheAnswer() {
    Delivery delivery = stoppedAt("END");
    assertEquals("The ", delivery.append("The EN", false));
    assertEquals("EN", delivery.finish());
    assertEquals(
        new Completion(FinishReason.STOP, TokenCount.ofText(2)),
        delivery.completion(new Completion(FinishReason.STOP, TokenCount.ofText(2))));
  }

  @Test
  void nextBackendContinuesAfterAPartialStopString() {
    Delivery delivery = stoppedAt("END");
    delivery.begins();
    assertEquals("The ", delivery.append("The E", false));
    assertTrue(delivery.fail(ErrorCode.BACKEND_PROTOCOL));
    assertEquals("The E", delivery.received());
    delivery.begins();
    assertEquals("", delivery.append("ND", false), "no backend saw all of it");
    assertTrue(delivery.isStopped());
    assertEquals(List.of(4), delivery.stopped().seams(), "the seam is within the text");
  }

  @Test
  void answerThatMustRestartKeepsNothing() {
    Delivery delivery = stoppedAt("END");
    assertEquals("", delivery.append("E", false));
    delivery.fail(ErrorCode.BACKEND_PROTOCOL);
    assertEquals("", delivery.received(), "nothing was delivered: any backend may start");
    assertEquals("", delivery.append("The E", true));
    delivery.fail(ErrorCode.BACKEND_PROTOCOL);
    assertEquals("", delivery.received(), "no backend could continue it");
  }

  @Test
  void answerEndsAtTheFirstStopStringForAllPiecesAndSeams() {
    int stopped = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String text = word(random, random.nextInt(30));
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        stops.add(word(random, 1 + random.nextInt(4)));
      }
      String expected = cut(text, stops);
      stopped += expected.equals(text) ? 0 : 1;
      Delivery delivery = new Delivery(new AnswerLimits(MAX_TOKENS, new StopStrings(stops)));
      assertEquals(expected, relayed(text, expected, delivery, random), "seed " + seed);
    }
    assertTrue(stopped > ROUNDS / 4, "stop strings occurred in " + stopped);
  }

  /** Text from backends that ignore stop strings, each continuing what was received so far. */
  private static String relayed(
      String text, String expected, Delivery delivery, SplittableRandom random) {
    StringBuilder read = new StringBuilder();
    while (true) {
      delivery.begins();
      boolean isHeldBack = !delivery.isBegun() && random.nextInt(4) == 0;
      int at = delivery.received().length();
      assertTrue(text.startsWith(delivery.received()), "continues the start of the answer");
      boolean dies = false;
      while (at < text.length() && !dies && !delivery.isStopped()) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(4));
        read.append(delivery.append(text.substring(at, end), isHeldBack));
        assertTrue(expected.startsWith(read.toString()), "too much was delivered: " + read);
        assertFalse(isHalfAtEnd(read), "half a character");
        at = end;
        dies = random.nextInt(6) == 0;
      }
      if (delivery.isStopped()) {
        return read.toString();
      }
      if (!dies) {
        return read.append(delivery.finish()).toString();
      }
      delivery.fail(ErrorCode.BACKEND_STALLED);
    }
  }

  /**
   * The reference, character by character: the longest stop string at the first position where one
   * ends.
   */
  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String made = text.substring(0, end);
      int longest = stops.stream().filter(made::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return made.substring(0, end - longest);
      }
    }
    return text;
  }

  private static boolean isHalfAtEnd(StringBuilder text) {
    return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
  }

  private static String word(SplittableRandom random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
    }
    return word.toString();
  }
}
