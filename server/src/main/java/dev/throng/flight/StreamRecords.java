package dev.throng.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.core.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Recently started streams: those of this replica and, where records are shared, of the others. */
public final class StreamRecords {
  /** How long after its last change a stream can be resumed. */
  public static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final long MAX_BYTES = 16 << 20;
  private static final int OVERHEAD_BYTES = 256;

  private final @Nullable SharedRecords shared;
  private final Cache<String, StreamRecord> own;

  /**
   * Creates the records.
   *
   * @param shared null for none
   */
  public StreamRecords(Ticker ticker, @Nullable SharedRecords shared) {
    this.shared = shared;
    this.own =
        Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher(
                (String id, StreamRecord record) -> OVERHEAD_BYTES + 2 * record.body().length())
            .expireAfterWrite(LIFETIME)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  public void keep(String requestId, StreamRecord record) {
    own.put(requestId, record);
    if (shared != null) {
      shared.keep(requestId, record);
    }
  }

  /**
   * Removes the records of a tenant's streams from this process, so that they can no longer be
   * resumed.
   */
  public void forget(String tenant) {
    own.asMap().values().removeIf(record -> record.tenant().equals(tenant));
  }

  /**
   * Passes the questions to {@code listener}.
   *
   * @return the number of streams that this process knows
   */
  public long forEachText(Consumer<String> listener) {
    own.asMap().values().forEach(record -> listener.accept(record.body()));
    return own.estimatedSize();
  }

  public Optional<StreamRecord> find(String requestId) {
    StreamRecord known = own.getIfPresent(requestId);
    return known != null || shared == null ? Optional.ofNullable(known) : shared.find(requestId);
  }
}
