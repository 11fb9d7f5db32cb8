package dev.throng.config;

/** Which backend with a free slot gets the next generation. */
public enum RoutingPolicy {
  /** The one expected to finish first, by its measured rates. */
  LEAST_WAIT,
  /** Each in turn, regardless of speed and load. */
  ROUND_ROBIN,
  /** The one with the smallest share of its slots in use. */
  LEAST_BUSY
}
