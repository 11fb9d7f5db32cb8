package dev.throng.cache;

import dev.throng.core.Fingerprint;
import java.util.Optional;

/**
 * Single-flight over all replicas: of those that are about to generate from the same prompt one
 * leads, and the others follow its text. Asking takes a bounded time and never fails: without the
 * service that it is shared through, every replica leads its own.
 */
public interface SharedFlights extends AutoCloseable {
  /** For a server that has nobody to share with. */
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

  /** Takes part in the generation from this prompt. The caller closes it. */
  SharedFlight join(Fingerprint fingerprint);

  /** What the generation from this prompt that is under way, or ended lately, is made from. */
  Optional<FlightHead> head(Fingerprint fingerprint);

  @Override
  void close();
}
