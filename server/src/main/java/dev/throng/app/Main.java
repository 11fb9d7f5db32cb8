package dev.throng.app;

import dev.throng.cli.ThrongCommand;
import java.security.Security;

/** The entry point of the program. */
public final class Main {
  /**
   * How long Java caches a resolved address. The default of 30 s would be longer than
   * `pool.dns_refresh`.
   */
  private static final String NAME_SECONDS = "5";

  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    Security.setProperty("networkaddress.cache.ttl", NAME_SECONDS);
    System.exit(ThrongCommand.execute(args));
  }
}
