package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Passage;
import dev.throng.core.Span;
import dev.throng.core.StopStrings;
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
  void quotesTheAnsweringSentenceWithItsCitation() {
    String answer =
        answer(
            Passages.prompt(
                "When does the canteen open?",
                "Parking is free. Bicycles stand in the yard.",
                "The kitchen was built in 1990. The canteen opens at noon."));
    assertTrue(answer.startsWith("The canteen opens at noon. [2]"), answer);
  }

  @Test
  void sentenceFoundInTwoPassagesIsQuotedOnce() {
    String text = "The canteen opens at noon.";
    assertEquals(text + " [1]", answer(Passages.prompt("When does the canteen open?", text, text)));
  }

  @Test
  void headingsAreContextAndNotQuoted() {
    String answer =
        answer(
            Passages.prompt(
                "Who pays for parking?", "Parking\nThe employer covers all costs of it."));
    assertTrue(answer.startsWith("The employer covers all costs of it. [1]"), answer);
  }

  /** Returns a passage of several sections, whose headings are lines of its text. */
  private static Passage sections(String... sectionsAndTexts) {
    StringBuilder text = new StringBuilder();
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < sectionsAndTexts.length; i += 2) {
      int start = text.length();
      text.append(sectionsAndTexts[i + 1]).append("\n\n");
      spans.add(Span.of(start, text.length(), 0, sectionsAndTexts[i]));
    }
    return new Passage(
        "d", 1, "u", "t", "", 0, text.length(), text.toString(), List.copyOf(spans), false, 1);
  }

  private String answer(String question, Passage passage) {
    return answer(new Prompt("s", "u", question, List.of(passage), "en"));
  }

  @Test
  void twinBelowAnotherHeadingIsNotQuoted() {
    Passage passage =
        sections(
            "Plant A > Torvik > Shifts", "Shifts\n\nThe early shift begins at 6:10.",
            "Plant A > Elmbridge > Shifts", "Shifts\n\nThe early shift begins at 5:40.");
    String answer = answer("When does the early shift begin at Torvik?", passage);
    assertEquals("The early shift begins at 6:10. [1]", answer);
  }

  @Test
  void shortLineIsQuotedWithTheLabelAboveIt() {
    String lines = "Porter\n\n5510\n\nBoiler room\n\n5561\n\nKitchen\n\n5523";
    String answer = answer("What is the number of the boiler room?", sections("", lines));
    assertTrue(answer.startsWith("Boiler room: 5561 [1]"), answer);
    String settings = "# gateway\nport = 8843\nlog = warn\n\n[mirror]\nport = 9917\nlog = info";
    String port = answer("Which port has the mirror?", sections("", settings));
    assertTrue(port.startsWith("[mirror]: port = 9917 [1]"), port);
    Passage prices =
        sections("Sauna", "Sauna\n\n9 crowns", "Rowing boat", "Rowing boat\n\n31 crowns");
    assertTrue(
        answer("What is the price of the rowing boat in crowns?", prices)
            .startsWith("Rowing boat: 31 crowns [1]"));
  }

  @Test
  void tableRowIsQuotedWithItsColumnNames() {
    String answer =
        answer(
            Passages.prompt(
                "What is the price of gold?",
                "| plan | price a month |\n| silver | 10 EUR |\n| gold | 25 EUR |"));
    assertTrue(answer.startsWith("plan: gold; price a month: 25 EUR [1]"), answer);
  }

  @Test
  void tableFromAnEarlierChunkLosesNoRow() {
    String rows = "| silver | 10 EUR |\n| gold | 25 EUR |";
    Passage passage =
        new Passage(
            "d", 1, "u", "t", "Rates > | plan | price a month |", 0, 0, rows.length(), rows, 1);
    String answer =
        answer(new Prompt("s", "u", "What is the price of silver?", List.of(passage), "en"));
    assertTrue(answer.startsWith("plan: silver; price a month: 10 EUR [1]"), answer);
  }

  @Test
  void rowWhoseRangeContainsTheQuantityIsQuoted() {
    String answer =
        answer(
            Passages.prompt(
                "Who signs an order of 20000 euro?",
                "| order | signed by |\n| up to €1,000 | team lead |\n| €1,001 to €75,000 | head |"));
    assertTrue(answer.startsWith("order: €1,001 to €75,000; signed by: head [1]"), answer);
  }

  @Test
  void listItemIsQuotedWithItsLeadIn() {
    String answer =
        answer(
            Passages.prompt(
                "Who may enter the vault?",
                "The vault may be entered by:\n- two clerks together\n- the auditor alone"));
    assertTrue(answer.startsWith("The vault may be entered by: "), answer);
  }

  @Test
  void closestPassagesAreShownWhenNoneClearlyAnswers() {
    List<String> pieces = new ArrayList<>();
    Completion completion =
        generator.generate(
            Passages.prompt(
                "Which colour has the new ferry to Lindow?", "The ferry stops at noon in winter."),
            AnswerLimits.tokens(400),
            ManualTicker.far(),
            pieces::add);
    assertEquals(FinishReason.CLOSEST_PASSAGES, completion.finishReason());
    assertEquals(
        List.of(ExtractiveGenerator.NO_CLEAR_ANSWER + "\n\nThe ferry stops at noon in winter. [1]"),
        pieces);
  }

  @Test
  void supersededPassageIsQuotedOnlyForTheFormerRule() {
    Passage former =
        new Passage(
            "d",
            1,
            "u",
            "t",
            "",
            0,
            24,
            "The fee is four crowns.",
            List.of(Span.of(0, 24, 0, "")),
            true,
            1);
    assertEquals(ExtractiveGenerator.NO_ANSWER, answer("What is the fee?", former));
    assertEquals(
        "The fee is four crowns. [1]", answer("What was the fee in the old edition?", former));
  }

  @Test
  void stopStringCutsTheQuotation() {
    List<String> pieces = new ArrayList<>();
    AnswerLimits limits = new AnswerLimits(1, StopStrings.of(" noon"));
    Completion completion =
        generator.generate(
            Passages.prompt("When does the canteen open?", "The canteen opens at noon."),
            limits,
            ManualTicker.far(),
            pieces::add);
    assertEquals(List.of("The canteen opens at"), pieces);
    assertEquals(FinishReason.STOP, completion.finishReason());
  }

  @Test
  void noPassagesYieldNoText() {
    assertEquals("", answer(Passages.prompt("Anything?")));
  }
}
