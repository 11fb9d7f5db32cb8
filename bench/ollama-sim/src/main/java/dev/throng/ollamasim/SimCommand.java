package dev.throng.ollamasim;

import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts simulated Ollama servers and runs them until it is stopped. */
@Command(
    name = "ollama-sim",
    description =
        "Starts servers that look like Ollama but run no model, for drills and load tests.",
    mixinStandardHelpOptions = true)
public final class SimCommand implements Callable<Integer> {
  @Option(names = "--port", description = "Port of the first instance (default: ${DEFAULT-VALUE}).")
  private int port = 11500;

  @Option(
      names = "--admin-port",
      description = "Control port of the first instance (default: ${DEFAULT-VALUE}).")
  private int adminPort = 12500;

  @Option(
      names = "--instances",
      description = "Number of instances, on consecutive ports (default: ${DEFAULT-VALUE}).")
  private int instances = 1;

  @Option(
      names = "--settings",
      description = "A JSON file written by `throng bench calibrate` (default: smollm2:135m).")
  private @Nullable Path file;

  @Option(
      names = "--model",
      description = "Name of the model; repeatable (default: the settings').")
  private List<String> models = List.of();

  @Option(names = "--slots", description = "Simultaneous generations (default: the settings').")
  private @Nullable Integer slots;

  @Option(names = "--num-ctx", description = "Default context (default: the settings').")
  private @Nullable Integer numCtx;

  @Option(names = "--prefill", description = "Prompt tokens per second of a single stream.")
  private @Nullable Double prefill;

  @Option(
      names = "--prefill-growth",
      description = "Reading n tokens takes n / prefill * (1 + growth * n / 1000).")
  private @Nullable Double prefillGrowth;

  @Option(names = "--decode", description = "Tokens per second of a single stream.")
  private @Nullable Double decode;

  @Option(
      names = "--slowdown",
      description = "With n streams, rates are divided by 1 + slowdown * (n - 1).")
  private @Nullable Double slowdown;

  @Option(names = "--load-millis", description = "Milliseconds to load the model.")
  private @Nullable Long loadMillis;

  @Option(names = "--median-tokens", description = "Median length of answers.")
  private @Nullable Integer medianTokens;

  @Option(names = "--max-tokens", description = "The longest answer.")
  private @Nullable Integer maxTokens;

  @Option(names = "--sigma", description = "Spread of the lognormal answer lengths.")
  private @Nullable Double sigma;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SimSettings settings = settings();
    List<OllamaSim> running = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      running.add(
          OllamaSim.start(settings, port == 0 ? 0 : port + i, adminPort == 0 ? 0 : adminPort + i));
      OllamaSim sim = running.getLast();
      System.out.printf("%s   control: %s%n", sim.url(), sim.adminUrl());
    }
    System.out.printf(
        "Simulated: no model runs. Rates as of: %s%n%s, %d slots%n",
        settings.comment(), settings.rates(), settings.slots());
    new CountDownLatch(1).await();
    return 0;
  }

  private SimSettings settings() throws IOException {
    SimSettings settings = file == null ? SimSettings.measured() : SimSettings.read(file);
    if (!models.isEmpty()) {
      settings = settings.withModels(models.toArray(String[]::new));
    }
    Rates rates = settings.rates();
    AnswerLength answers = settings.answers();
    return settings
        .withSlots(or(slots, settings.slots()))
        .withNumCtx(or(numCtx, settings.numCtx()))
        .withRates(
            new Rates(
                or(prefill, rates.prefillTokensPerSecond()),
                or(prefillGrowth, rates.prefillGrowth()),
                or(decode, rates.decodeTokensPerSecond()),
                or(slowdown, rates.slowdown()),
                or(loadMillis, rates.loadMillis())))
        .withAnswers(
            new AnswerLength(
                or(medianTokens, answers.medianTokens()),
                or(sigma, answers.sigma()),
                answers.minTokens(),
                or(maxTokens, answers.maxTokens())));
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
