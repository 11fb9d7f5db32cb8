package dev.throng.bench;

import dev.throng.app.Logging;
import dev.throng.bench.load.CapacityCommand;
import dev.throng.bench.load.LoadCommand;
import dev.throng.ollamasim.CalibrateCommand;
import dev.throng.ollamasim.SimCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** `throng bench NAME`. */
@Command(
    name = "throng bench",
    description = "Measures Throng against references that run in the same minute.",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    subcommands = {
      HitBench.class,
      PublishBench.class,
      SearchBench.class,
      StartupBench.class,
      MemoryBench.class,
      FloorBench.class,
      ParseBench.class,
      IngestBench.class,
      IngestMemoryBench.class,
      BesideIngestBench.class,
      RoutingBench.class,
      ChromaBench.class,
      SharedHitBench.class,
      StreamedBench.class,
      SimCommand.class,
      CalibrateCommand.class,
      DrillCommand.class,
      LoadCommand.class,
      CapacityCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs one benchmark and exits with its code. */
  public static void main(String[] args) {
    Logging.quiet();
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }
}
