package dev.throng.bench;

import dev.throng.config.ConfigLoader;
import dev.throng.config.ParserConfig;
import dev.throng.core.ThrongException;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.client.BlockReader;
import dev.throng.parser.client.DocumentParser;
import dev.throng.parser.client.ParsedDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Parses every file of a folder as an ingest would; THRONG_* variables are settings. */
@Command(
    name = "parse",
    description = "Share of a folder's documents that are parsed, and why others fail.")
final class ParseBench implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "The folder whose files are parsed one by one.")
  private Path folder = Path.of("");

  @Option(
      names = "--bar",
      description = "Required share of parsed documents; exit code 1 below it (default: 0).")
  private double bar;

  @Option(names = "--text", description = "Prints the text, block by block.")
  private boolean isWithText;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ParserConfig config = ConfigLoader.load(null, System.getenv(), Map.of()).ingest().parser();
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowestMillis = 0;
    List<Path> files = files();
    try (DocumentParser parser =
        new DocumentParser(config, Files.createTempDirectory("throng-bench-parse"))) {
      for (Path file : files) {
        long start = System.nanoTime();
        String outcome = parse(parser, file);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        slowestMillis = Math.max(slowestMillis, millis);
        outcomes.merge(outcome.split(" ", 2)[0], 1, Integer::sum);
        out().printf("%6d ms  %s  %s%n", millis, file.getFileName(), outcome);
        out().flush();
      }
    }
    double share = files.isEmpty() ? 0 : outcomes.getOrDefault("ok", 0) / (double) files.size();
    out()
        .printf(
            "%.1f %% of %d parsed; %s; slowest %d ms%n",
            100 * share, files.size(), outcomes, slowestMillis);
    return share >= bar ? 0 : 1;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Returns one line, which starts with "ok" or the failure's code. */
  private String parse(DocumentParser parser, Path file) {
    try (ParsedDocument document = parser.parse(file, file.getFileName().toString())) {
      BlockReader blocks = document.blocks();
      for (ParsedBlock block = blocks.next(); block != null; block = blocks.next()) {
        if (isWithText) {
          out().printf("    %s %d: %s%n", block.kind(), block.page(), block.text());
        }
      }
      return "ok %s, %d pages, %d characters %s"
          .formatted(document.format(), document.pages(), document.chars(), document.warnings());
    } catch (ThrongException e) {
      return "%s %s".formatted(e.code().code(), e.getMessage());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
