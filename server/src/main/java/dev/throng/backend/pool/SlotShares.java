package dev.throng.backend.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * Divides the slots of a backend between replicas. Together they never hold more than there are,
 * and a replica that needs more gets what the others do not use. A call takes a bounded time and
 * never fails.
 */
public interface SlotShares {
  /**
   * How long a share may be used after it was requested. The share of a replica that died ends
   * then.
   */
  Duration LEASE = Duration.ofSeconds(2);

  /** For a server that does not share its backends with known replicas. */
  SlotShares NONE =
      new SlotShares() {
        @Override
        public Optional<Share> claim(String backend, Claim claim) {
          return Optional.empty();
        }

        @Override
        public void leave(String backend) {}
      };

  /**
   * A request for a share.
   *
   * @param held maximum number of slots that it holds until the request is answered; it gets no
   *     fewer
   * @param wanted slots that it could use
   * @param slots slots of the backend; 0 while this replica does not know the number
   */
  record Claim(int held, int wanted, int slots) {}

  /**
   * The share of a replica.
   *
   * @param granted slots that it may hold
   * @param target slots that it should reduce to, because others want them
   * @param slots slots of the backend; 0 while no replica knows the number
   */
  record Share(int granted, int target, int slots) {}

  /** Returns the share of this replica from now on; empty when it cannot be determined. */
  Optional<Share> claim(String backend, Claim claim);

  /** Releases the share. */
  void leave(String backend);
}
