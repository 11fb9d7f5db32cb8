package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Resident memory, compared with that of a bare Helidon server. */
@Command(
    name = "memory",
    description = "Resident memory idle and under load, compared with a bare Helidon server.")
final class MemoryBench implements Callable<Integer> {
  private static final double MIB = 1 << 20;
  private static final Duration SETTLE = Duration.ofSeconds(3);

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 10;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("memory");
    List<String> bodies = Questions.bodies(500);
    try (ServerProcess throng = ServerProcess.throng(folder, Map.of())) {
      Path body = Files.write(folder.resolve("body"), throng.post("/query", bodies.getFirst()));
      try (ServerProcess bare = ServerProcess.bare(folder, body)) {
        Thread.sleep(SETTLE);
        print("idle", throng, bare);
        new Wrk(folder, "/search", bodies, 16, 0).run(throng.url(), seconds);
        print("after searches", throng, bare);
        Wrk hits = new Wrk(folder, "/query", bodies, 256, 0);
        hits.run(throng.url(), seconds);
        hits.run(bare.url(), seconds);
        print("after hits by 256 connections", throng, bare);
      }
    }
    return 0;
  }

  private static void print(String when, ServerProcess throng, ServerProcess bare)
      throws IOException {
    double ours = throng.residentBytes() / MIB;
    double reference = bare.residentBytes() / MIB;
    System.out.printf(
        "%-30s Throng %5.0f MiB   bare Helidon %5.0f MiB   ratio %.2f%n",
        when, ours, reference, ours / reference);
  }
}
