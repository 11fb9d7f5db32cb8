package dev.throng.ollamasim;

import picocli.CommandLine;

/** Starts the simulator alone, without the benchmarks. */
public final class Main {
  private Main() {}

  /** Runs until it is stopped. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SimCommand()).execute(args));
  }
}
