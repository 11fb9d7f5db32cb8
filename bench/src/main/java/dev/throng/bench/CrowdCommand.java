package dev.throng.bench;

import dev.throng.bench.drill.CrowdDrill;
import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `throng bench drill crowd`. */
@Command(
    name = "crowd",
    description = "A crowd of streaming clients over simulated backends; every answer is compared.")
final class CrowdCommand implements Callable<Integer> {
  @Option(names = "--clients", description = "Simultaneous clients (default: ${DEFAULT-VALUE}).")
  private int clients = 1000;

  @Option(names = "--heap", description = "Heap of the server, in MB (default: ${DEFAULT-VALUE}).")
  private int heap = 512;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path documents = Home.examples().resolve("handbook");
    CrowdDrill.Plan plan =
        new CrowdDrill.Plan(clients, 100, 10, Duration.ofSeconds(14), heap, documents);
    CrowdDrill.Result result = new CrowdDrill(plan).run();
    System.out.printf(
        "simulated: %d clients, each with its own question, in %.0f s; most streams open simultaneously: %d  bar %d%n",
        clients, result.seconds(), result.mostOpen(), clients);
    result.problems().forEach(problem -> System.out.println("  " + problem));
    System.out.printf(
        "complete: %d  bar %d; identical to the backend's text: %d  bar %d; most simultaneous generations at each backend: %s  bar <= %d%n",
        result.complete(), clients, result.equal(), clients, result.mostInFlight(), plan.slots());
    System.out.printf(
        "peak heap of the server: %d MB  bar <= %d MB (-Xmx); resident memory: %d MB%n",
        result.peakHeapBytes() >> 20, heap, result.peakResidentBytes() >> 20);
    return result.isGood() ? 0 : 1;
  }
}
