package dev.throng.answer;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.fixtures.Passages.passage;
import static dev.throng.fixtures.Passages.scored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Prompt;
import dev.throng.core.ErrorCode;
import dev.throng.core.Passage;
import dev.throng.core.Script;
import dev.throng.core.Source;
import dev.throng.core.TokenRates;
import dev.throng.core.Tokens;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromptAssemblerTest {
  private static final int ROOMY = 4_000;

  private static AssembledPrompt assemble(Passage... ranked) {
    return PromptAssembler.assemble("Who pays?", List.of(ranked), "en", ROOMY, TokenRates.GUESS);
  }

  @Test
  void rankingAndNamesDoNotChangeThePrompt() {
    Passage a = passage(1, 0, "Alpha first.");
    Passage a2 = passage(1, 50, "Alpha second.");
    Passage b = passage(2, 0, "Beta.");
    String prompt = assemble(a, a2, b).prompt().user();
    assertEquals(prompt, assemble(b, a2, a).prompt().user());
    Passage renamed =
        new Passage("d9", 9, "elsewhere.md", "Other title", "", 0, 0, 5, "Beta.", 0.3);
    assertEquals(prompt, assemble(renamed, scored(1, 0, "Alpha first.", 7), a2).prompt().user());
    assertNotEquals(prompt, assemble(a, b).prompt().user());
  }

  @Test
  void numbersReferToTheSourcesInTheirOrder() {
    AssembledPrompt assembled =
        assemble(passage(1, 50, "Later."), passage(1, 0, "Earlier."), passage(2, 0, "Other."));
    for (Source source : assembled.sources()) {
      assertTrue(
          assembled
              .prompt()
              .user()
              .contains("[%d]\n%s\n".formatted(source.n(), source.passage().text())));
      assertFalse(source.isCited());
    }
    String user = assembled.prompt().user();
    assertTrue(user.indexOf("Earlier.") < user.indexOf("Later."), "in document order");
    assertTrue(user.endsWith("Question: Who pays?"));
  }

  @Test
  void headingsStandAboveTheirPassage() {
    Passage passage = new Passage("d", 1, "u", "t", "A > B", 0, 0, 5, "Text.", 1);
    assertTrue(assemble(passage).prompt().user().contains("[1] A > B\nText.\n"));
  }

  @Test
  void budgetDropsTheWeakestPassages() {
    Passage best = passage(1, 0, "best ".repeat(100));
    Passage weak = passage(2, 0, "weak ".repeat(100));
    int all = tokens(assemble(best, weak).prompt());
    AssembledPrompt fitting =
        PromptAssembler.assemble(
            "Who pays?", List.of(best, weak), "en", all - 20, TokenRates.GUESS);
    assertEquals(List.of(best), fitting.prompt().passages());
    assertEquals(1, fitting.sources().size());
    assertTrue(tokens(fitting.prompt()) <= all - 20);
  }

  private static int tokens(Prompt prompt) {
    return Tokens.estimate(prompt.system()) + Tokens.estimate(prompt.user());
  }

  @Test
  void questionThatLeavesNoSpaceForPassagesIsRefused() {
    assertFails(
        ErrorCode.QUERY_TOO_LONG,
        () ->
            PromptAssembler.assemble(
                "why ".repeat(2_000), List.of(passage(1, 0, "Text.")), "en", 500, TokenRates.GUESS),
        "500");
  }

  @Test
  void modelWithMoreTokensPerWordGetsFewerPassages() {
    Passage best = passage(1, 0, "best ".repeat(100));
    Passage weak = passage(2, 0, "weak ".repeat(100));
    int all = tokens(assemble(best, weak).prompt()) + 100;
    TokenRates twice = TokenRates.GUESS.with(Script.LATIN, 2 * TokenRates.GUESS.latin());
    assertEquals(2, passages(List.of(best, weak), all, TokenRates.GUESS));
    assertEquals(1, passages(List.of(best, weak), 2 * all - 300, twice));
  }

  private static int passages(List<Passage> ranked, int maxPromptTokens, TokenRates rates) {
    return PromptAssembler.assemble("Who pays?", ranked, "en", maxPromptTokens, rates)
        .sources()
        .size();
  }
}
