package dev.throng.bench;

/** Throng as it is, with a counter of allocated bytes beside it. */
public final class CountedThrong {
  private CountedThrong() {}

  /** Runs one command line of Throng. */
  public static void main(String[] args) throws java.io.IOException {
    AllocationCounter.announceIfAsked();
    dev.throng.app.Main.main(args);
  }
}
