package dev.throng.app;

import dev.throng.cli.ThrongCommand;

/** Where the program starts. */
public final class Main {
  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.exit(ThrongCommand.execute(args));
  }
}
