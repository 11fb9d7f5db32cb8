package dev.throng.answer;

import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Hash;
import dev.throng.core.QuestionKey;
import dev.throng.core.Script;
import dev.throng.core.TokenRates;
import org.jspecify.annotations.Nullable;

/** Computes the two keys of the cache. */
final class QuestionKeys {
  /** Reserved for the digest of a conversation. Conversations are not supported yet. */
  private static final String NO_CONVERSATION = "";

  private final Generator generator;
  private final String retrieverId;
  private volatile @Nullable Setup setup;

  private record Setup(GeneratorIdentity identity, TokenRates rates, Hash hash) {}

  QuestionKeys(Generator generator, String retrieverId) {
    this.generator = generator;
    this.retrieverId = retrieverId;
  }

  /** Returns the hash of everything that determines the question's prompt, except the documents. */
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

  /** Returns the part that all questions have in common, hashed once. */
  private Setup setup() {
    GeneratorIdentity identity = generator.identity();
    Setup known = setup;
    TokenRates rates = generator.tokenRates(); // they determine how many passages fit
    if (known == null || !known.identity().equals(identity) || !known.rates().equals(rates)) {
      Hash.Builder hash =
          new Hash.Builder().add(identity.hash()).add(PromptAssembler.VERSION).add(retrieverId);
      for (Script script : Script.values()) {
        hash.add(script.name()).add(Double.toString(rates.of(script)));
      }
      known = new Setup(identity, rates, hash.build());
      setup = known;
    }
    return known;
  }

  /**
   * Returns the hash of the prompt's bytes and of everything that affects what a generator makes of
   * them.
   *
   * @param countsFrom the epoch of the latest invalidation, before which answers are invalid; 0 for
   *     none
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
      hash.add(countsFrom); // earlier answers have another fingerprint
    }
    return new Fingerprint(hash.build());
  }

  /**
   * Returns the key of a flight that continues a generation from a prompt, whatever the question
   * was.
   */
  static QuestionKey resumed(Fingerprint fingerprint) {
    return new QuestionKey(new Hash.Builder().add("resumed").add(fingerprint.hash()).build());
  }

  private static void add(Hash.Builder hash, AnswerLimits limits) {
    hash.add(limits.maxTokens()).add(limits.stop().texts().size());
    limits.stop().texts().forEach(hash::add);
  }
}
