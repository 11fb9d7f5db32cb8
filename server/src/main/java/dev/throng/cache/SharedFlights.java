package dev.throng.cache;

import dev.throng.core.Fingerprint;
import java.util.Optional;

/**
 * Single-flight across all replicas: of the replicas that are about to generate from the same
 * prompt, one leads and the others follow its text. A call takes a bounded time and never fails.
 * When the shared store does not answer, every replica leads its own generation.
 */
public interface SharedFlights extends AutoCloseable {
  /** For a server without other replicas. */
  SharedFlights NONE =
      new SharedFlights() {
        @Override
        public SharedFlight join(Fingerprint fingerprint) {
          return new LocalFlight();
        }

        @Override
        public Optional<FlightHead> head(Fingerprint fingerprint) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /** Joins the generation from this prompt. The caller must close the result. */
  SharedFlight join(Fingerprint fingerprint);

  /**
   * Returns what the generation from this prompt is made from, if it is under way or ended
   * recently.
   */
  Optional<FlightHead> head(Fingerprint fingerprint);

  @Override
  void close();
}
