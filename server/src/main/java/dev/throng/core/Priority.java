package dev.throng.core;

/** How urgent a request is beside others. */
public enum Priority {
  /** A person waits for it. */
  INTERACTIVE,
  /** A program that can wait; it goes after all interactive ones, but never starves. */
  BATCH
}
