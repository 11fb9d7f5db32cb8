package dev.throng.answer;

import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.core.Fingerprint;
import dev.throng.core.Passage;
import dev.throng.retrieval.Retrieved;
import java.util.List;

/** Builds the prompt from a question and its passages, and the key of its answer. */
final class Prompts {
  private final Catalog catalog;
  private final Generator generator;
  private final QuestionKeys keys;
  private final AnswerCache cache;

  Prompts(Catalog catalog, Generator generator, QuestionKeys keys, AnswerCache cache) {
    this.catalog = catalog;
    this.generator = generator;
    this.keys = keys;
    this.cache = cache;
  }

  /**
   * Assembles a prompt with as many passages as fit, by their estimated length and by what the
   * model has refused before.
   */
  AssembledPrompt assemble(Question question, Retrieved retrieved) {
    List<Passage> ranked = retrieved.passages();
    while (true) {
      AssembledPrompt prompt =
          PromptAssembler.assemble(
              question.text(),
              ranked,
              catalog.state(question.collection()).spec().language(),
              generator.maxPromptTokens(question.limits().maxTokens()),
              generator.tokenRates());
      int passages = prompt.sources().size();
      if (passages <= 1 || !cache.isTooLong(fingerprint(question, prompt))) {
        return prompt;
      }
      ranked = ranked.subList(0, passages - 1);
    }
  }

  /**
   * Returns the fingerprint of the prompt's bytes and of the latest invalidation. The invalidation
   * is read after the passages, so an answer that is validated at an epoch is never one that had
   * been invalidated by then.
   */
  Fingerprint fingerprint(Question question, AssembledPrompt prompt) {
    CollectionState state = catalog.state(question.collection());
    long countsFrom = state.invalidations().epochFor(question.textHash(), prompt.sources());
    return keys.fingerprint(question.collection(), prompt.prompt(), question.limits(), countsFrom);
  }
}
