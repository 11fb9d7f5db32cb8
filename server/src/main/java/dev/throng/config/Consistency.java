package dev.throng.config;

/** How many replicas of a chunk must answer. */
public enum Consistency {
  ONE,
  QUORUM,
  ALL
}
