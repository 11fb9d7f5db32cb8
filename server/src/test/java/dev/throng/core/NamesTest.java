package dev.throng.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NamesTest {
  @Test
  void typesHaveDigits() {
    assertEquals(List.of("px 3141"), Names.typesIn("What does PX-3141 cost?"));
    assertEquals(List.of("aurel 12"), Names.typesIn("What does the cabin Aurel 12 weigh?"));
    assertEquals(List.of("st app 4"), Names.typesIn("Is st-app-4 restarted first?"));
  }

  @Test
  void quantitiesAndTimesAreNoTypes() {
    assertEquals(List.of(), Names.typesIn("vacation days after 10 years, on the 4th day at 2pm"));
    assertEquals(List.of(), Names.typesIn("Who signs 20,000 euros at 14:15?"));
  }

  @Test
  void longQuestionsNeedNoStack() {
    assertEquals(1, Names.allIn("A1-".repeat(20_000)).size());
    assertEquals(0, Names.allIn("a-".repeat(20_000)).size());
    assertEquals(List.of("aa 1"), Names.typesIn("Aa 1 ".repeat(20_000)));
  }

  @Test
  void capitalisedWordsBehindOthersAreNames() {
    assertEquals(List.of("nairn"), Names.allIn("How many beds has Nairn?"));
    assertEquals(List.of("lc 12", "vat"), Names.allIn("Is VAT part of the price of LC-12?"));
    assertEquals(List.of(), Names.allIn("Where may visitors park?"));
  }
}
