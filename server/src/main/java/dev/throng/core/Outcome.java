package dev.throng.core;

/** How a request to /query ended. Every request has exactly one outcome. */
public enum Outcome {
  /** A cached answer, validated at the current epoch. */
  HIT,
  /** A cached answer that was found to be current after its passages were read again. */
  REVALIDATED,
  /** The answer came from a generation that another request had started. */
  FOLLOWED,
  /** The request started the generation. */
  GENERATED,
  /** Nothing relevant was found. */
  UNANSWERABLE,
  /** The request got a lesser answer, labelled as such, because of load or failing backends. */
  DEGRADED,
  /** The client disconnected. */
  CANCELLED,
  /** The request was refused because of load. */
  SHED,
  /** Any other failure. */
  FAILED;

  /** Returns whether the request got the full answer, or that there is none. */
  public boolean isAnswer() {
    return switch (this) {
      case HIT, REVALIDATED, FOLLOWED, GENERATED, UNANSWERABLE -> true;
      case DEGRADED, CANCELLED, SHED, FAILED -> false;
    };
  }

  /**
   * Returns whether the request had passages retrieved for it. Hits take next to no time, and
   * followers take that of another request.
   */
  public boolean isWork() {
    return switch (this) {
      case REVALIDATED, GENERATED, UNANSWERABLE -> true;
      case HIT, FOLLOWED, DEGRADED, CANCELLED, SHED, FAILED -> false;
    };
  }
}
