package dev.throng.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Priority;
import dev.throng.core.QuestionKey;
import dev.throng.core.StopStrings;
import dev.throng.core.TokenRates;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.ScriptedGenerator;
import dev.throng.retrieval.Condition;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.FilterField;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class QuestionKeysTest {
  private final ScriptedGenerator generator = new ScriptedGenerator();
  private final QuestionKeys keys = new QuestionKeys(generator, "retriever");

  private QuestionKey key(
      String tenant, String name, String text, int topK, DocumentFilter filter, int maxTokens) {
    return key(tenant, name, text, topK, filter, AnswerLimits.tokens(maxTokens));
  }

  private QuestionKey key(
      String tenant,
      String name,
      String text,
      int topK,
      DocumentFilter filter,
      AnswerLimits limits) {
    return keys.of(
        new Question(
            "r",
            new CollectionRef(tenant, name),
            text,
            topK,
            filter,
            limits,
            Priority.INTERACTIVE,
            ManualTicker.far()));
  }

  @Test
  void everythingThatChangesTheAnswerIsInTheKey() {
    DocumentFilter filter = new DocumentFilter(new Condition.Prefix(FilterField.BuiltIn.URI, "a/"));
    Set<QuestionKey> all = new HashSet<>();
    all.add(key("t", "c", "who", 6, DocumentFilter.ALL, 100));
    all.add(key("t2", "c", "who", 6, DocumentFilter.ALL, 100));
    all.add(key("t", "c2", "who", 6, DocumentFilter.ALL, 100));
    all.add(key("t", "c", "Who", 6, DocumentFilter.ALL, 100));
    all.add(key("t", "c", "who?", 6, DocumentFilter.ALL, 100));
    all.add(key("t", "c", "who", 7, DocumentFilter.ALL, 100));
    all.add(key("t", "c", "who", 6, filter, 100));
    all.add(key("t", "c", "who", 6, DocumentFilter.ALL, 101));
    QuestionKeys other = new QuestionKeys(new ScriptedGenerator(), "other retriever");
    all.add(
        other.of(
            new Question(
                "r",
                new CollectionRef("t", "c"),
                "who",
                6,
                DocumentFilter.ALL,
                AnswerLimits.tokens(100),
                Priority.BATCH,
                ManualTicker.far())));
    assertEquals(9, all.size());
    all.add(key("t", "c", "who", 6, DocumentFilter.ALL, stoppedAt("a", "b")));
    all.add(key("t", "c", "who", 6, DocumentFilter.ALL, stoppedAt("ab")));
    all.add(key("t", "c", "who", 6, DocumentFilter.ALL, stoppedAt("b", "a", "b")));
    assertEquals(11, all.size(), "the order of stop strings does not matter");
    assertTrue(all.contains(key("t", "c", "\n who  ", 6, DocumentFilter.ALL, 100)));
  }

  @Test
  void stopStringsAreInTheFingerprint() {
    CollectionRef collection = new CollectionRef("t", "c");
    AssembledPrompt prompt =
        PromptAssembler.assemble("who?", List.of(), "en", 1_000, TokenRates.GUESS);
    assertNotEquals(
        keys.fingerprint(collection, prompt.prompt(), AnswerLimits.tokens(100), 0),
        keys.fingerprint(collection, prompt.prompt(), stoppedAt("\n"), 0));
  }

  @Test
  void otherTokenRatesLeadToOtherKeys() {
    QuestionKey guessed = key("t", "c", "who", 6, DocumentFilter.ALL, 100);
    generator.measures(new TokenRates(0.3, 1.0, 0.8, 1.5, 2.0));
    assertNotEquals(guessed, key("t", "c", "who", 6, DocumentFilter.ALL, 100));
  }

  private static AnswerLimits stoppedAt(String... texts) {
    return new AnswerLimits(100, StopStrings.of(texts));
  }

  @Test
  void normalisationIsConservative() {
    assertEquals("a b", Question.normalised(" \t a \u00A0\u3000\n b "));
    assertEquals("é", Question.normalised("e\u0301"));
    assertEquals("Ab?!", Question.normalised("Ab?!"));
    assertEquals("", Question.normalised(" \n"));
    assertNotEquals(Question.normalised("ﬁ"), Question.normalised("fi"));
  }
}
