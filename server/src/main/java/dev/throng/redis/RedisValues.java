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

/**
 * Values under keys. A value is read within the timeout or not at all, and written in the
 * background.
 */
final class RedisValues {
  /**
   * Maximum number of pending writes. Further ones are dropped, because these values are a cache.
   */
  private static final int MAX_WRITES = 1_000;

  /** A replica that waits longer would lose its lease of the catalogue. */
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
   * Looks up a value.
   *
   * @param decode returns empty for a value that is damaged or of another release
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

  /** Writes a value that expires after {@code lifetime}. */
  void set(String key, byte[] value, Duration lifetime) {
    write(key, value, SetArgs.Builder.px(lifetime.toMillis()));
  }

  /** Like {@link #set}, unless the key already has a value. */
  void setIfAbsent(String key, byte[] value, Duration lifetime) {
    write(key, value, SetArgs.Builder.px(lifetime.toMillis()).nx());
  }

  /** Waits briefly until all pending writes have been answered. */
  void awaitWrites() {
    try {
      if (writes.tryAcquire(MAX_WRITES, WRITES_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        writes.release(MAX_WRITES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the statistics since the start of this process. */
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
