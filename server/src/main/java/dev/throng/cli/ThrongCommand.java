package dev.throng.cli;

import dev.throng.app.Logging;
import dev.throng.config.ConfigException;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
    name = "throng",
    description = "Answers questions from an organisation's own documents, for many users.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = VersionProvider.class)
public final class ThrongCommand implements Runnable {
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          IngestCommand.class,
          JobsCommand.class,
          ReindexCommand.class,
          AskCommand.class,
          SearchCommand.class,
          ChunksCommand.class,
          PurgeCommand.class,
          EvalCommand.class,
          FeedbackCommand.class,
          DoctorCommand.class,
          ConfigCommand.class,
          AotTrainCommand.class);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "no command given (see --help)");
    }
  }

  /**
   * Runs one command line.
   *
   * @return the exit code: 0 success, 1 failure, 2 wrong usage
   */
  public static int execute(String... args) {
    Logging.quiet();
    CommandLine root = new CommandLine(new ThrongCommand());
    // Loading a command's class takes 10 ms, so if a command is named the others are not loaded.
    Optional<Class<?>> named =
        COMMANDS.stream().filter(c -> args.length > 0 && name(c).equals(args[0])).findFirst();
    named.map(List::<Class<?>>of).orElse(COMMANDS).forEach(root::addSubcommand);
    return root.setExecutionExceptionHandler((failure, line, parsed) -> report(failure))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static int report(Exception failure) {
    switch (failure) {
      case ConfigException wrong -> {
        System.err.println("throng: the configuration is invalid:");
        String.valueOf(wrong.getMessage()).lines().forEach(line -> System.err.println("  " + line));
        return ExitCodes.USAGE;
      }
      case ThrongException known ->
          System.err.println(
              "throng: %s\n  %s".formatted(known.getMessage(), known.code().remedy()));
      case IllegalArgumentException wrong -> {
        System.err.println("throng: " + wrong.getMessage());
        return ExitCodes.USAGE;
      }
      default -> failure.printStackTrace(System.err);
    }
    return ExitCodes.FAILED;
  }
}
