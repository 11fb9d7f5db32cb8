package dev.throng.core;

/** A monotonic clock. It is injected so that tests and the simulation control the time. */
@FunctionalInterface
public interface Ticker {
  /** Returns nanoseconds since an arbitrary origin. Only differences are meaningful. */
  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
