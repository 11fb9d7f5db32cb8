package dev.throng.core;

/** The urgency of a request relative to others. */
public enum Priority {
  /** A user waits for the result. */
  INTERACTIVE,
  /** A program that can wait. It runs after all interactive requests but never starves. */
  BATCH
}
