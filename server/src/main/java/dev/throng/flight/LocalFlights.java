package dev.throng.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.Ticker;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The generations of a server without other replicas. A generation is kept for as long as a stream
 * can be resumed, so that a client that has lost its connection gets the rest of its answer, even
 * though the generation was stopped when that client, its only one, had disappeared.
 */
public final class LocalFlights implements SharedFlights {
  private static final long MAX_BYTES = 16 << 20;
  private static final int OVERHEAD_BYTES = 512;

  private final Predicate<MadeFrom> isPurged;
  private final Cache<Fingerprint, LocalGeneration> generations;

  /**
   * Creates the flights.
   *
   * @param isPurged whether some of what a generation is made from was purged
   */
  public LocalFlights(Ticker ticker, Predicate<MadeFrom> isPurged) {
    this.isPurged = isPurged;
    this.generations =
        Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((Fingerprint fingerprint, LocalGeneration generation) -> bytes(generation))
            .expireAfterWrite(StreamRecords.LIFETIME)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** Joins a generation that has not ended. If its answer is worth keeping, the cache has it. */
  @Override
  public SharedFlight join(Fingerprint fingerprint) {
    return flight(
        fingerprint,
        generations
            .asMap()
            .compute(
                fingerprint,
                (same, known) ->
                    known == null || known.hasEnded() ? new LocalGeneration() : known));
  }

  @Override
  public SharedFlight rejoin(Fingerprint fingerprint) {
    return flight(fingerprint, generations.get(fingerprint, unknown -> new LocalGeneration()));
  }

  private SharedFlight flight(Fingerprint fingerprint, LocalGeneration generation) {
    return new LocalFlight(generation, () -> changed(fingerprint, generation));
  }

  @Override
  public Optional<FlightHead> head(Fingerprint fingerprint) {
    return Optional.ofNullable(generations.getIfPresent(fingerprint))
        .flatMap(generation -> Optional.ofNullable(generation.head()));
  }

  @Override
  public void dropPurged() {
    generations.asMap().values().removeIf(this::isPurged);
  }

  @Override
  public long forEachText(Consumer<String> listener) {
    generations.asMap().values().forEach(generation -> generation.forEachText(listener));
    return generations.estimatedSize();
  }

  @Override
  public void close() {}

  /** Weighs a generation again, and drops it if a purge has not seen it. */
  private void changed(Fingerprint fingerprint, LocalGeneration generation) {
    generations.asMap().replace(fingerprint, generation, generation);
    if (isPurged(generation)) {
      generations.asMap().remove(fingerprint, generation);
    }
  }

  private boolean isPurged(LocalGeneration generation) {
    FlightHead head = generation.head();
    return head != null
        && isPurged.test(MadeFrom.of(head.collection(), head.epoch(), head.sources()));
  }

  private static int bytes(LocalGeneration generation) {
    return OVERHEAD_BYTES + 2 * generation.chars();
  }
}
