package dev.throng.ollamasim;

import dev.throng.ollamasim.Calibration.Decode;
import dev.throng.ollamasim.Calibration.Prefill;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a real Ollama and writes the simulator's settings. */
@Command(
    name = "calibrate",
    description = "Measures a real Ollama and writes settings for an equally fast simulator.",
    mixinStandardHelpOptions = true)
public final class CalibrateCommand implements Callable<Integer> {
  private static final int[] PROMPT_TOKENS = {100, 400, 1200, 2400};
  private static final int[] STREAMS = {1, 2, 4};

  @Option(names = "--ollama", required = true, description = "URL of the server to measure.")
  private URI ollama = URI.create("http://127.0.0.1:11434");

  @Option(names = "--model", required = true, description = "The model to measure.")
  private String model = "";

  @Option(names = "--out", required = true, description = "The settings file to write.")
  private Path out = Path.of("ollama.json");

  @Option(
      names = "--rounds",
      description = "Repetitions of each measurement (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--num-ctx",
      description = "Context length to request (default: ${DEFAULT-VALUE}).")
  private int numCtx = 4096;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds: %d (expected: at least 1)".formatted(rounds));
    }
    if (!isMeasured(PROMPT_TOKENS[0])) {
      throw new IllegalArgumentException(
          "--num-ctx: %d (expected: room for %d tokens)".formatted(numCtx, PROMPT_TOKENS[0]));
    }
    RealOllama server = new RealOllama(ollama, model, numCtx);
    Calibration calibration = measure(server);
    SimSettings settings =
        SimSettings.instant()
            .withComment(comment(server.version(), calibration))
            .withModels(model)
            .withNumCtx(numCtx)
            .withSlots(STREAMS[STREAMS.length - 1])
            .withRates(calibration.rates());
    settings.write(out);
    calibration.errors().forEach(System.out::println);
    System.out.printf(
        "%s%n%.2f characters per token (the simulator counts %d)%nwritten: %s%n",
        settings.rates(), calibration.charactersAToken(), SimSettings.CHARS_A_TOKEN, out);
    return 0;
  }

  /** Keeps the fastest of all rounds: everything else on the machine only adds time. */
  private Calibration measure(RealOllama server) throws IOException, InterruptedException {
    long loadMillis = Long.MAX_VALUE;
    Map<Integer, Prefill> prompts = new TreeMap<>();
    Map<Integer, Decode> writing = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      loadMillis = Math.min(loadMillis, server.loadMillis());
      server.prefill(PROMPT_TOKENS[0]); // warms up
      for (int tokens : PROMPT_TOKENS) {
        if (isMeasured(tokens)) {
          prompts.merge(
              tokens,
              server.prefill(tokens),
              (one, other) ->
                  one.seconds() / one.tokens() < other.seconds() / other.tokens() ? one : other);
        }
      }
      for (int streams : STREAMS) {
        writing.merge(
            streams,
            server.decode(streams),
            (one, other) -> one.tokensPerSecond() > other.tokensPerSecond() ? one : other);
      }
    }
    return new Calibration(
        loadMillis, List.copyOf(prompts.values()), List.copyOf(writing.values()));
  }

  /** Returns whether the prompt surely fits: the real tokeniser may count more. */
  private boolean isMeasured(int tokens) {
    return tokens < numCtx * 3 / 4;
  }

  private String comment(String version, Calibration calibration) throws IOException {
    return "Measured %s: Ollama %s, %s, on %s. %s. %.2f characters per token."
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            version,
            model,
            machine(),
            String.join("; ", calibration.errors()),
            calibration.charactersAToken());
  }

  /** Returns the number of cores and the processor's name, or its architecture without Linux. */
  private static String machine() throws IOException {
    String cores = Runtime.getRuntime().availableProcessors() + " cores of ";
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try (Stream<String> lines = Files.lines(info)) {
        return cores
            + lines
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("an unnamed processor");
      }
    }
    return cores + System.getProperty("os.arch");
  }
}
