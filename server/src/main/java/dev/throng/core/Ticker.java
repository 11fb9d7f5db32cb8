package dev.throng.core;

/** A monotonic clock. Injected, so that tests and the simulation decide what time it is. */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since an arbitrary origin; only differences mean something. */
  long nanos();

  static Ticker system() {
    return System::nanoTime;
  }
}
