package dev.throng.backend.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * How replicas divide the slots of a backend. What all of them may hold together is never more than
 * there are; who needs more gets what others do not use. Asking takes a bounded time and never
 * fails.
 */
public interface SlotShares {
  /** How long a share may be used after it was asked for. A replica that died leaves it then. */
  Duration LEASE = Duration.ofSeconds(2);

  /** For a server that shares its backends with nobody it could ask. */
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
   * What a replica asks for.
   *
   * @param promised slots that it holds at most from now on until it is answered; it gets no fewer
   * @param wanted slots that it could use
   * @param slots that the backend has; 0 while this replica does not know
   */
  record Claim(int promised, int wanted, int slots) {}

  /**
   * What a replica gets.
   *
   * @param granted slots that it may hold
   * @param target slots that it should come down to, because others want them
   * @param slots that the backend has; 0 while no replica knows
   */
  record Share(int granted, int target, int slots) {}

  /** The share of this replica from now on; empty when it cannot be known. */
  Optional<Share> claim(String backend, Claim claim);

  /** Gives the share back. */
  void leave(String backend);
}
