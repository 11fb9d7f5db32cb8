package dev.throng.backend.extractive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "notice period after 3 years, 3",
    "How much leave after five years of service?, 5",
    "who has to sign an order of 20000 euro, 20000",
    "Who approves a course for €3000?, 3000",
    "Wie lange ist die Frist nach 12 Monaten?, 12"
  })
  void quantityIsTheOnlyNumberWithAUnit(String question, double value) {
    assertEquals(value, Quantity.of(question).orElseThrow().value());
  }

  @ParameterizedTest
  @CsvSource({
    "How many days of leave do I have?",
    "next bus after 14:15",
    "three days or 5 weeks",
    "What does the KD-250 weigh?"
  })
  void otherQuestionsHaveNone(String question) {
    assertEquals(Optional.empty(), Quantity.of(question));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 years | Length of service: more than 2 and up to 8 years; Notice: 6 weeks | 1",
        "3 years | Length of service: up to 2 years; Notice: 4 weeks | -1",
        "10 years | Years of service: 10 or more; Leave: 31 | 1",
        "9 years | Years of service: 10 or more; Leave: 31 | -1",
        "20000 euro | Value of the order: €10,001 to €75,000; Offers: 3 | 1",
        "20000 euro | Value of the order: more than €75,000; Offers: 5 | -1",
        "120 pieces | Lot size: 51–150 pieces; Checked: 20 | 1",
        "3 months | A claim is possible up to €15, three times a month. | 0",
        "3 years | The notice period is six weeks. | 0",
        "7 Jahren | Dauer: mehr als 5 Jahre; Frist: 8 Wochen | 1"
      })
  void rangeContainsItOrNot(String quantity, String text, int fit) {
    assertEquals(fit, Quantity.of("after " + quantity).orElseThrow().fit(text), text);
  }

  @Test
  void longQuestionsNeedNoStack() {
    assertEquals(Optional.empty(), Quantity.of("111,111,".repeat(10_000)));
    assertEquals(Optional.empty(), Quantity.of("3 years ".repeat(10_000)));
    assertEquals(2, Quotable.wordsOf("1.".repeat(20_000)).size(), "seven parts are one word");
  }

  @Test
  void moneyIsOfOneUnitHoweverItIsWritten() {
    Quantity euros = Quantity.of("an order of 900 EUR").orElseThrow();
    assertEquals(1, euros.fit("up to €1,000: team lead"));
    assertEquals(Quantity.of("an order of €900").orElseThrow(), euros);
  }
}
