package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.TokenMeter;
import dev.throng.core.Script;
import dev.throng.core.TokenRates;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TokenMeterTest {
  @Test
  void everyScriptIsMeasured() {
    // A byte vocabulary: text that no merge covers costs this many tokens.
    TokenRates bytes = TokenMeter.measure(text -> text.getBytes(StandardCharsets.UTF_8).length);
    double margin = 1.2;
    assertEquals(1 * margin, bytes.of(Script.LATIN), 0.1);
    assertEquals(1 * margin, bytes.of(Script.MARKS), 0.1);
    assertEquals(2 * margin, bytes.of(Script.ALPHABETS), 0.1);
    assertEquals(3 * margin, bytes.of(Script.SYLLABLES), 0.1);
    assertEquals(3 * margin, bytes.of(Script.DENSE), 0.2, "a surrogate pair has four bytes");
    assertTrue(
        bytes.estimate("Größe 5 Ω 日本") >= "Größe 5 Ω 日本".getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void implausibleMeasurementsAreRejected() {
    assertEquals(
        TokenRates.GUESS, TokenMeter.measure(text -> 0), "a server that reports no counts");
    assertEquals(
        TokenRates.GUESS, TokenMeter.measure(text -> 1), "the rest was in the server's cache");
    assertEquals(TokenRates.GUESS, TokenMeter.measure(text -> 100_000));
  }
}
