package dev.throng.cli;

import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "config", description = "Shows or checks the configuration.")
final class ConfigCommand implements Callable<Integer> {
  /** One of the two actions. */
  static final class Action {
    @Option(
        names = "--print-defaults",
        description = "Prints the default configuration file, with an explanation of each setting.")
    private boolean printDefaults;

    @Option(
        names = "--check",
        description =
            "Reads file, environment and flags as `serve` would, and lists what is wrong.")
    private boolean check;
  }

  @Mixin private ConfigOptions config = new ConfigOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Action action = new Action();

  @Override
  public Integer call() {
    if (action.printDefaults) {
      output.piece(ConfigLoader.defaultsYaml());
    }
    if (action.check) {
      check();
    }
    return ExitCodes.OK;
  }

  private void check() {
    ThrongConfig settings = config.load();
    if (output.json()) {
      output.print(output.newObject().put("valid", true));
    } else {
      output.line(
          "The configuration is valid. Data folder: %s"
              .formatted(settings.data().dir().toAbsolutePath()));
    }
  }
}
