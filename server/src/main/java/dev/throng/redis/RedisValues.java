package dev.throng.redis;

import dev.throng.cache.TierStats;
import dev.throng.config.RedisConfig;
import dev.throng.observe.TierMetrics;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values under keys: read at once or not at all, written in the background. */
final class RedisValues {
  /** Writes under way; further ones are left out, since what is kept here may be forgotten. */
  private static final int MAX_WRITES = 1_000;

  /** A replica that waits for longer would lose its lease of the catalogue. */
  private static final Duration WRITES_PATIENCE = Duration.ofMillis(100);

  private final RedisLink link;
  private final TierMetrics metrics;
  private final String prefix;
  private final Semaphore writes = new Semaphore(MAX_WRITES);

  RedisValues(RedisLink link, RedisConfig config, TierMetrics metrics) {
    this.link = link;
    this.prefix = config.prefix();
    this.metrics = metrics;
  }

  /**
   * Looks a value up.
   *
   * @param decode empty for what is damaged or of another release
   */
  <T> Optional<T> get(String key, Function<byte[], Optional<T>> decode) {
    byte @Nullable [] bytes;
    try {
      bytes = link.ask(commands -> commands.get(prefix + key));
    } catch (RedisUnavailable e) {
      metrics.lookedUp(e.wasAsked() ? "failed" : "skipped");
      return Optional.empty();
    }
    Optional<T> found = bytes == null ? Optional.empty() : decode.apply(bytes);
    metrics.lookedUp(found.isPresent() ? "hit" : bytes == null ? "miss" : "unreadable");
    return found;
  }

  /** Writes a value that ends after {@code lifetime}. */
  void set(String key, byte[] value, Duration lifetime) {
    write(key, value, SetArgs.Builder.px(lifetime.toMillis()));
  }

  /** As {@link #set}, unless there is one already. */
  void setIfAbsent(String key, byte[] value, Duration lifetime) {
    write(key, value, SetArgs.Builder.px(lifetime.toMillis()).nx());
  }

  /** Waits, for a moment, until all writes that have begun are answered. */
  void awaitWrites() {
    try {
      if (writes.tryAcquire(MAX_WRITES, WRITES_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        writes.release(MAX_WRITES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was found here since the start. */
  TierStats stats(String tier) {
    return new TierStats(
        tier,
        !link.isBroken(),
        TierStats.UNKNOWN,
        TierStats.UNKNOWN,
        metrics.lookups("hit"),
        metrics.lookups("miss"),
        metrics.lookups("failed"),
        metrics.lookups("skipped"),
        metrics.lookups("unreadable"),
        TierStats.UNKNOWN);
  }

  private void write(String key, byte[] value, SetArgs arguments) {
    if (!writes.tryAcquire()) {
      metrics.written("skipped");
      return;
    }
    CompletionStage<String> written =
        link.send(commands -> commands.set(prefix + key, value, arguments));
    if (written == null) {
      writes.release();
      metrics.written("skipped");
      return;
    }
    var _ =
        written.whenComplete((done, failure) -> {
          writes.release();
          metrics.written(failure == null ? "ok" : "failed");
        });
  }
}
