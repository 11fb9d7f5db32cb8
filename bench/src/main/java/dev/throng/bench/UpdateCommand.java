package dev.throng.bench;

import dev.throng.bench.drill.cluster.RollingUpdate;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `throng bench drill update`. */
@Command(
    name = "update",
    description = "A rolling update of three replicas to another build, under load.")
final class UpdateCommand implements Callable<Integer> {
  @Parameters(description = "The program `throng` of the other build.")
  private Path launcher = Path.of("");

  @Option(
      names = "--requests",
      description = "Requests to make at least (default: ${DEFAULT-VALUE}).")
  private int requests = 1000;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RollingUpdate.Result result =
        RollingUpdate.run(
            launcher.toAbsolutePath(),
            requests,
            Home.examples().resolve("handbook"),
            System.err::println);
    System.out.printf(
        "  rolling update: %d of %d requests failed  bar 0; %d of %d streams were cut  bar 0%n",
        result.failed(), result.asked(), result.cut(), result.streams());
    result.problems().forEach(problem -> System.out.println("  " + problem));
    return result.isGood() ? 0 : 1;
  }
}
