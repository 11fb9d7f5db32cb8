package dev.throng.bench.rig;

/** Throng unchanged, with an additional report of its memory. */
public final class CountedThrong {
  private CountedThrong() {}

  /** Runs one command line of Throng. */
  public static void main(String[] args) throws java.io.IOException {
    MemoryReport.announceIfAsked();
    dev.throng.app.Main.main(args);
  }
}
