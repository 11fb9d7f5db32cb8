package dev.throng.flight;

import dev.throng.cache.SharedPurge;
import dev.throng.core.Fingerprint;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Single-flight across all replicas: of the replicas that are about to generate from the same
 * prompt, one leads and the others follow its text. A call takes a bounded time and never fails.
 * When the shared store does not answer, every replica leads its own generation.
 */
public interface SharedFlights extends AutoCloseable {
  /** Joins or begins the generation from this prompt. The caller must close the result. */
  SharedFlight join(Fingerprint fingerprint);

  /** Like {@link #join}, for the client of an earlier generation, which may have ended. */
  default SharedFlight rejoin(Fingerprint fingerprint) {
    return join(fingerprint);
  }

  /**
   * Returns what the generation from this prompt is made from, if it is under way or ended
   * recently.
   */
  Optional<FlightHead> head(Fingerprint fingerprint);

  /**
   * Drops the generations in this process's memory that were made from purged documents. {@link
   * SharedPurge} drops those that replicas share.
   */
  default void dropPurged() {}

  /**
   * Passes every text of the generations in this process's memory to {@code listener}.
   *
   * @return the number of generations
   */
  default long forEachText(Consumer<String> listener) {
    return 0;
  }

  @Override
  void close();
}
