package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.Passages;
import dev.throng.store.lucene.LuceneWords;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExtractiveGeneratorTest extends GeneratorContract {
  private final Generator generator =
      new ExtractiveGenerator(new HashEmbedder(), new LuceneWords(), 2);

  @Override
  Generator generator() {
    return generator;
  }

  private String answer(Prompt prompt) {
    List<String> pieces = new ArrayList<>();
    generator.generate(prompt, 400, ManualTicker.far(), pieces::add);
    return String.join("", pieces);
  }

  @Test
  void quotesTheSentenceThatAnswersWithItsCitation() {
    String answer =
        answer(
            Passages.prompt(
                "When does the canteen open?",
                "Parking is free. Bicycles stand in the yard.",
                "The kitchen was built in 1990. The canteen opens at noon."));
    assertTrue(answer.startsWith("The canteen opens at noon. [2]"), answer);
  }

  @Test
  void sentenceInTwoPassagesIsQuotedOnce() {
    String text = "The canteen opens at noon.";
    assertEquals(text + " [1]", answer(Passages.prompt("When does the canteen open?", text, text)));
  }

  @Test
  void headingsAreContextAndNotQuoted() {
    String answer =
        answer(Passages.prompt("Who pays for parking?", "Parking\nThe employer pays for it."));
    assertTrue(answer.startsWith("The employer pays for it. [1]"), answer);
  }

  @Test
  void tableRowIsQuotedWhole() {
    String answer =
        answer(
            Passages.prompt("price of plan gold", "| silver | 10 EUR |\n| plan gold | 25 EUR |"));
    assertTrue(answer.contains("| plan gold | 25 EUR | [1]"), answer);
  }

  @Test
  void noPassagesNoText() {
    assertEquals("", answer(Passages.prompt("Anything?")));
  }
}
