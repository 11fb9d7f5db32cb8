package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Passages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PastQuestionTest {
  private static final Passage OF_2021 = Passages.passage(1, 0, "Valid in 2021: 26 days of leave.");

  private static boolean asksForThePast(String question) {
    return PastQuestion.of(question).asksFor(OF_2021);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What was the limit under the old policy?",
        "former hotel limit",
        "How many days were there in 2021?",
        "What did edition 4 say about flights?",
        "What was the rule back then?",
        "Wie viele Tage Urlaub gab es früher?",
        "Was galt nach der alten Hausordnung?"
      })
  void questionThatSaysSoAsksForThePast(String question) {
    assertTrue(asksForThePast(question), question);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How many days of leave do I have?",
        "How old must I be to drive a van?",
        "Am I old enough for a forklift?",
        "expenses older than 3 months",
        "What holds from 2026 on?",
        "ext. 12021",
        "Wie viele Tage Urlaub habe ich?"
      })
  void otherQuestionsAskForWhatIsInForce(String question) {
    assertFalse(asksForThePast(question), question);
  }

  @Test
  void yearCountsOnlyForPassagesThatNameIt() {
    assertFalse(PastQuestion.of("leave in 2019").asksFor(OF_2021));
  }
}
