package dev.throng.answer;

import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.backend.Prompt;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.QuestionKey;
import dev.throng.core.TokenRates;
import org.jspecify.annotations.Nullable;

/** Makes the two keys of the cache. */
final class QuestionKeys {
  /** Conversations come later; their digest has its place in the key already. */
  private static final String NO_CONVERSATION = "";

  private final Generator generator;
  private final String retrieverId;
  private volatile @Nullable Setup setup;

  private record Setup(GeneratorIdentity identity, TokenRates rates, Hash hash) {}

  QuestionKeys(Generator generator, String retrieverId) {
    this.generator = generator;
    this.retrieverId = retrieverId;
  }

  /** Everything that decides which prompt is built for the question, but the documents. */
  QuestionKey of(Question question) {
    Hash.Builder hash =
        new Hash.Builder()
            .add(question.collection().tenant())
            .add(question.collection().name())
            .add(question.text())
            .add(NO_CONVERSATION)
            .add(question.filter().isAll() ? "" : question.filter().canonical())
            .add(question.topK());
    add(hash, question.limits());
    return new QuestionKey(hash.add(setup().hash()).build());
  }

  /** What every question has in common, hashed once. */
  private Setup setup() {
    GeneratorIdentity identity = generator.identity();
    Setup known = setup;
    TokenRates rates = generator.tokenRates(); // they decide how many passages fit into a prompt
    if (known == null || !known.identity().equals(identity) || !known.rates().equals(rates)) {
      Hash hash =
          new Hash.Builder()
              .add(identity.hash())
              .add(PromptAssembler.VERSION)
              .add(retrieverId)
              .add(rates.toString())
              .build();
      known = new Setup(identity, rates, hash);
      setup = known;
    }
    return known;
  }

  /**
   * The prompt's bytes and everything that decides what a generator makes of them.
   *
   * @param countsFrom the epoch before which its answers do not count; 0 for none
   */
  Fingerprint fingerprint(
      CollectionRef collection, Prompt prompt, AnswerLimits limits, long countsFrom) {
    Hash.Builder hash =
        new Hash.Builder()
            .add(collection.tenant())
            .add(collection.name())
            .add(prompt.system())
            .add(prompt.user());
    add(hash, limits);
    hash.add(generator.identity().hash());
    if (countsFrom > 0) {
      hash.add(countsFrom); // answers from before it are under another fingerprint
    }
    return new Fingerprint(hash.build());
  }

  /** For flights that go on with what was being made from a prompt, whatever the question was. */
  static QuestionKey resumed(Fingerprint fingerprint) {
    return new QuestionKey(new Hash.Builder().add("resumed").add(fingerprint.hash()).build());
  }

  private static void add(Hash.Builder hash, AnswerLimits limits) {
    hash.add(limits.maxTokens()).add(limits.stop().texts().size());
    limits.stop().texts().forEach(hash::add);
  }
}
