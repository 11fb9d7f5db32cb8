package dev.throng.redis;

import dev.throng.cache.SharedTier;
import dev.throng.cache.TierStats;
import dev.throng.core.Answer;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import dev.throng.core.ValidatedAnswer;
import dev.throng.redis.wire.AnswerCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Answers in Redis, under {@code PREFIX:q:HASH} by question and {@code PREFIX:a:HASH} by
 * fingerprint. The hashes include tenant and collection, so keys of different tenants never
 * collide. A hit is one GET.
 */
final class RedisTier implements SharedTier {
  private static final double TTL_JITTER = 0.1;

  static final String QUESTION = ":q:";
  static final String ANSWER = ":a:";

  private final RedisValues values;
  private final RedisIndex index;
  private final Duration ttl;
  private final RandomGenerator random;

  /**
   * Creates the tier.
   *
   * @param random safe for concurrent use; spreads the expiry of entries
   */
  RedisTier(RedisValues values, RedisIndex index, Duration ttl, RandomGenerator random) {
    this.values = values;
    this.index = index;
    this.ttl = ttl;
    this.random = random;
  }

  @Override
  public Optional<ValidatedAnswer> latest(QuestionKey key) {
    return values.get(questionKey(key), AnswerCodec::validated);
  }

  @Override
  public Optional<Answer> generatedFrom(Fingerprint fingerprint) {
    return values.get(answerKey(fingerprint), AnswerCodec::answer);
  }

  @Override
  public void keep(Fingerprint fingerprint, Answer answer, MadeFrom from) {
    Duration lifetime = lifetime();
    index.add(answerKey(fingerprint), from, lifetime);
    values.setIfAbsent(answerKey(fingerprint), AnswerCodec.encode(answer, from), lifetime);
  }

  @Override
  public void validate(QuestionKey key, ValidatedAnswer validated) {
    Duration lifetime = lifetime();
    AnswerOrigin origin = validated.origin();
    if (origin != null) {
      index.add(
          questionKey(key),
          MadeFrom.of(origin.collection(), validated.epoch(), validated.sources()),
          lifetime);
    }
    values.set(questionKey(key), AnswerCodec.encode(validated), lifetime);
  }

  @Override
  public TierStats stats() {
    return values.stats("redis");
  }

  /**
   * Returns a lifetime with jitter. Entries that were made together would otherwise expire, and be
   * made again, together.
   */
  private Duration lifetime() {
    double factor = 1 + TTL_JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis((long) (ttl.toMillis() * factor));
  }

  private static String questionKey(QuestionKey key) {
    return QUESTION + key.hash().hex();
  }

  private static String answerKey(Fingerprint fingerprint) {
    return ANSWER + fingerprint.hash().hex();
  }
}
