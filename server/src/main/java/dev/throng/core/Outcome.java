package dev.throng.core;

/** How a request to /query ended; every request has exactly one. */
public enum Outcome {
  /** A cached answer, validated at the current epoch. */
  HIT,
  /** A cached answer, found current after its passages were read again. */
  REVALIDATED,
  /** Followed a generation that another request had started. */
  FOLLOWED,
  /** Started the generation. */
  GENERATED,
  /** Nothing relevant was found. */
  UNANSWERABLE,
  /** Got a lesser answer, labelled as such, because of load or failing backends. */
  DEGRADED,
  /** The client went away. */
  CANCELLED,
  /** Refused because of load. */
  SHED,
  /** Anything else that went wrong. */
  FAILED
}
