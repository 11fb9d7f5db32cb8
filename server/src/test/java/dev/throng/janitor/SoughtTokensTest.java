package dev.throng.janitor;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.core.ErrorCode;
import dev.throng.janitor.SoughtTokens.Scan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SoughtTokensTest {
  @Test
  void tokensAreFoundInAnyCaseAndWhenTheyOverlap() {
    SoughtTokens sought =
        SoughtTokens.of(
            List.of("abcdabcdabcx", "dabcxyzzy", "neverthere", "\u00dcbergr\u00f6\u00dfe"));
    Scan scan = sought.scan();
    scan.text("..ABCDabcdabcXyzzy..");
    assertEquals(List.of(1, 2), scan.found());
    scan.text("\u00fcbergr\u00f6\u00dfe");
    assertEquals(List.of(1, 2, 4), scan.found());
    Scan other = sought.scan();
    other.text("abcdabcd");
    other.text("abcx");
    assertEquals(List.of(), other.found(), "a match does not span two texts");
    byte[] bytes = "abcdabcdabcx".getBytes(StandardCharsets.UTF_8);
    other.restart();
    for (byte each : bytes) {
      other.more(new byte[] {each}, 1);
    }
    assertEquals(List.of(1), other.found(), "across buffers");
  }

  @Test
  void findsTheSameAsAPlainSearch() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        tokens.add(letters(random, 8));
      }
      String text = letters(random, 3_000);
      Scan scan = SoughtTokens.of(tokens).scan();
      scan.text(text);
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        if (text.toLowerCase(Locale.ROOT).contains(tokens.get(i).toLowerCase(Locale.ROOT))) {
          expected.add(i + 1);
        }
      }
      assertEquals(expected, scan.found());
    }
  }

  private static String letters(SplittableRandom random, int length) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append("abA".charAt(random.nextInt(3)));
    }
    return letters.toString();
  }

  @Test
  void unsearchableTokensAreRefused() {
    assertFails(ErrorCode.INVALID_FIELD, () -> SoughtTokens.of(List.of()));
    assertFails(ErrorCode.INVALID_FIELD, () -> SoughtTokens.of(List.of("short")));
    assertFails(ErrorCode.INVALID_FIELD, () -> SoughtTokens.of(List.of("x".repeat(65))));
  }
}
