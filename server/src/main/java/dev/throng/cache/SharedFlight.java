package dev.throng.cache;

import dev.throng.core.Deadline;
import java.util.Optional;

/**
 * One replica's part in a generation. Its text is at any time a beginning of what all replicas
 * deliver. Used by one thread.
 */
public interface SharedFlight extends AutoCloseable {
  /** Takes what this replica has to deliver, in order. */
  interface Listener {
    /** The generation's name is known, before any text. */
    void named(String answerId);

    /** More raw text, in the pieces that its maker published. */
    void text(String piece);
  }

  /** Another replica leads now: this one must stop to generate, and follow. */
  final class LeadershipLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeadershipLost() {
      super("another replica goes on with the answer");
    }
  }

  /**
   * Tries to become the one that generates. If it does, the listener has been told what earlier
   * leaders made of the answer, and the generation goes on behind {@link #text}.
   *
   * @param head of the generation, if nobody has begun one; another name may be told
   * @return false when another replica leads, or when the text is whole
   */
  boolean lead(FlightHead head, Listener listener);

  /** All raw text that the listener was told. */
  String text();

  /**
   * Takes a piece that this leader made: it is published first, and told after that, so that what
   * anybody has seen every replica can go on with.
   *
   * @throws LeadershipLost when it was not published, since another replica leads
   */
  void publish(String piece, Listener listener);

  /** The leader's text is whole. */
  void finish(FlightEnd end);

  /**
   * Tells the listener what the leading replica makes, until it ends.
   *
   * @return empty when nobody leads any more
   * @throws dev.throng.core.ThrongException DEADLINE_EXCEEDED
   */
  Optional<FlightEnd> follow(Listener listener, Deadline deadline) throws InterruptedException;

  /** Takes part no more; one that led lets another replica lead. */
  @Override
  void close();
}
