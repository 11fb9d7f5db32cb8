package dev.throng.cache.redis;

import dev.throng.cache.AnswerCodec;
import dev.throng.cache.SharedTier;
import dev.throng.cache.ValidatedAnswer;
import dev.throng.config.RedisConfig;
import dev.throng.core.Answer;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.QuestionKey;
import dev.throng.observe.TierMetrics;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Answers in Redis, under {@code PREFIX:q:HASH} by question and {@code PREFIX:a:HASH} by
 * fingerprint. The hashes hold tenant and collection, so no tenant's key can meet another's. A hit
 * is one GET.
 */
public final class RedisTier implements SharedTier {
  /** Writes under way; further ones are left out, since a cache may forget. */
  private static final int MAX_WRITES = 1_000;

  private static final double TTL_JITTER = 0.1;

  private final RedisConfig config;
  private final RedisLink link;
  private final TierMetrics metrics;
  private final RandomGenerator random;
  private final Semaphore writes = new Semaphore(MAX_WRITES);

  /**
   * Returns at once; the connection is made in the background.
   *
   * @param random safe for many threads; spreads the times at which entries end
   */
  public RedisTier(RedisConfig config, TierMetrics metrics, RandomGenerator random) {
    this.config = config;
    this.metrics = metrics;
    this.random = random;
    this.link = new RedisLink(config);
  }

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public Optional<ValidatedAnswer> latest(QuestionKey key) {
    return get(questionKey(key.hash()), AnswerCodec::validated);
  }

  @Override
  public Optional<Answer> generatedFrom(Fingerprint fingerprint) {
    return get(answerKey(fingerprint.hash()), AnswerCodec::answer);
  }

  @Override
  public void keep(Fingerprint fingerprint, Answer answer) {
    set(answerKey(fingerprint.hash()), AnswerCodec.encode(answer), expiry().nx());
  }

  @Override
  public void validate(QuestionKey key, ValidatedAnswer validated) {
    set(questionKey(key.hash()), AnswerCodec.encode(validated), expiry());
  }

  @Override
  public boolean isDegraded() {
    return link.isBroken();
  }

  @Override
  public void close() {
    link.close();
  }

  private <T> Optional<T> get(String key, Function<byte[], Optional<T>> decode) {
    RedisClusterAsyncCommands<String, byte[]> commands = link.commands();
    if (commands == null) {
      metrics.lookedUp("skipped");
      return Optional.empty();
    }
    try {
      byte[] bytes = commands.get(key).get(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
      link.succeeded();
      Optional<T> found = bytes == null ? Optional.empty() : decode.apply(bytes);
      metrics.lookedUp(found.isPresent() ? "hit" : bytes == null ? "miss" : "unreadable");
      return found;
    } catch (ExecutionException | TimeoutException e) {
      link.failed(e);
      metrics.lookedUp("failed");
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever asked is about to notice
      return Optional.empty();
    }
  }

  private void set(String key, byte[] value, SetArgs arguments) {
    RedisClusterAsyncCommands<String, byte[]> commands = link.commands();
    if (commands == null || !writes.tryAcquire()) {
      metrics.written("skipped");
      return;
    }
    var _ =
        commands
            .set(key, value, arguments)
            .whenComplete((done, failure) -> {
              writes.release();
              if (failure == null) {
                link.succeeded();
              } else {
                link.failed(failure);
              }
              metrics.written(failure == null ? "ok" : "failed");
            });
  }

  /** Not all at once: entries that were made together would be made anew together. */
  private SetArgs expiry() {
    double factor = 1 + TTL_JITTER * (2 * random.nextDouble() - 1);
    return SetArgs.Builder.px((long) (config.ttl().toMillis() * factor));
  }

  private String questionKey(Hash hash) {
    return config.prefix() + ":q:" + hash.hex();
  }

  private String answerKey(Hash hash) {
    return config.prefix() + ":a:" + hash.hex();
  }
}
