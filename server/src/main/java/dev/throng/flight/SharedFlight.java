package dev.throng.flight;

import dev.throng.core.Deadline;
import java.util.Optional;

/**
 * One replica's part in a generation. Its text is always a prefix of what all replicas deliver.
 * Used by one thread at a time.
 */
public interface SharedFlight extends AutoCloseable {
  /** Receives what this replica has to deliver, in order. */
  interface Listener {
    /** Called when the generation's id is known, before any text. */
    void named(String answerId);

    /** Called with more raw text, in the pieces that the leader published. */
    void append(String piece);
  }

  /** Thrown when another replica leads now. The caller must stop generating, and follow. */
  final class LeadershipLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeadershipLost() {
      super("another replica continues the answer");
    }
  }

  /**
   * Tries to become the leader, which generates. If it succeeds, the listener has received what
   * earlier leaders generated, and the generation continues after {@link #text}.
   *
   * @param head of the generation, used if no replica has started it; otherwise the listener may
   *     receive another id
   * @return false when another replica leads or the text is complete
   */
  boolean lead(FlightHead head, Listener listener);

  /** Returns all raw text that the listener has received. */
  String text();

  /**
   * Accepts a piece from this leader. The piece is published before the listener receives it, so
   * that every replica can continue from any text that a client has seen.
   *
   * @throws LeadershipLost when the piece was not published because another replica leads
   */
  void append(String piece, Listener listener);

  /** Marks the leader's text as complete. */
  void finish(FlightEnd end);

  /**
   * Passes the text of the leading replica to the listener until it ends.
   *
   * @return empty when no replica leads any more
   * @throws dev.throng.core.ThrongException DEADLINE_EXCEEDED
   */
  Optional<FlightEnd> follow(Listener listener, Deadline deadline) throws InterruptedException;

  /** Ends the participation. If this replica led, another one can lead. */
  @Override
  void close();
}
