package dev.throng.config;

/** Which backend with a free slot gets the next generation. */
public enum RoutingPolicy {
  /** The one that is expected to be done first, by its measured rates. */
  LEAST_WAIT,
  /** In turn, whatever their speed and load. */
  ROUND_ROBIN,
  /** The one with the smallest share of its slots taken. */
  LEAST_BUSY
}
