package dev.throng.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** `throng bench capacity`. */
@Command(
    name = "capacity",
    description = {
      "What a service for that many users needs: questions a second, slots, GPUs, replicas, memory",
      "and cost. docs/guide/sizing.md explains the formula."
    })
public final class CapacityCommand implements Callable<Integer> {
  private static final double HOURS_A_MONTH = 730;

  /** Of its cores that a replica should use, so that peaks and a lost replica fit in the rest. */
  private static final double CPU_TARGET = 0.7;

  private static final int LEAST_REPLICAS = 2;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli sets it

  @Option(names = "--users", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int users = 1000;

  @Option(
      names = "--think",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Mean time between an answer and a user's next question (default: 30s).")
  private Duration think = Duration.ofSeconds(30);

  @Option(
      names = "--hit-rate",
      paramLabel = "SHARE",
      description = "Questions that need no generation, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double hitRate = 0.9;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Mean length of a generated answer (default: ${DEFAULT-VALUE}).")
  private double tokens = 250;

  @Option(
      names = "--decode-tps",
      paramLabel = "N",
      description =
          "Tokens a second of one answer while all slots of its GPU are busy (default: ${DEFAULT-VALUE}).")
  private double decodeTps = 30;

  @Option(
      names = "--first-token",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Until a backend has read a prompt (default: 500ms).")
  private Duration firstToken = Duration.ofMillis(500);

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = Time.class,
      description = "Within which 95 % of the generations get a slot (default: 1s).")
  private Duration wait = Duration.ofSeconds(1);

  @Option(
      names = "--slots-per-gpu",
      paramLabel = "N",
      description =
          "Answers that a GPU generates together at that speed (default: ${DEFAULT-VALUE}).")
  private int slotsPerGpu = 16;

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Cores of a replica (default: ${DEFAULT-VALUE}).")
  private double cores = 2;

  @Option(
      names = "--gpu-hour",
      paramLabel = "PRICE",
      description = "Price of a GPU for an hour (default: no costs).")
  private double gpuHour;

  @Option(
      names = "--core-hour",
      paramLabel = "PRICE",
      description = "Price of a core, with its memory, for an hour (default: no costs).")
  private double coreHour;

  @Option(
      names = "--check",
      description = "Compares the formula with servers on simulated backends; takes ten minutes.")
  private boolean isCheck;

  /** A time such as 500ms, 30s or 2m. */
  private static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m)");

    @Override
    public Duration convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException(
            "\"%s\" (expected: a time such as 500ms, 30s or 2m)".formatted(text));
      }
      double millis =
          switch (form.group(2)) {
            case "ms" -> 1;
            case "s" -> 1e3;
            default -> 60e3;
          };
      return Duration.ofNanos((long) (Double.parseDouble(form.group(1)) * millis * 1e6));
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (isCheck) {
      return CapacityCheck.run(System.out::println) ? 0 : 1;
    }
    check(users > 0, "--users", "> 0");
    check(hitRate >= 0 && hitRate <= 1, "--hit-rate", "0 to 1");
    check(tokens > 0 && decodeTps > 0, "--tokens, --decode-tps", "> 0");
    check(slotsPerGpu > 0 && cores > 0, "--slots-per-gpu, --cores", "> 0");
    Demand demand =
        new Demand(
            users,
            think.toMillis() / 1e3,
            hitRate,
            firstToken.toMillis() / 1e3,
            tokens,
            decodeTps,
            wait.toMillis() / 1e3);
    print(demand, Capacity.of(demand));
    return 0;
  }

  private static void check(boolean holds, String option, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s (expected: %s)".formatted(option, expected));
    }
  }

  private void print(Demand demand, Capacity needed) {
    PrintWriter out = spec.commandLine().getOut();
    double generations = needed.questionsPerSecond() * (1 - hitRate);
    int gpus = Math.ceilDiv(needed.slots(), slotsPerGpu);
    int replicas = Math.max(LEAST_REPLICAS, (int) Math.ceil(needed.cores() / CPU_TARGET / cores));
    out.printf(
        Locale.ROOT,
        """
        questions    %.1f a second
        generations  %.1f a second, %.1f s each, %.1f at the same time on average
        slots        %d, so that 95 %% of the generations start within %.1f s
        GPUs         %d with %d slots each
        replicas     %d of %.0f cores, which use %.2f cores on average; with fewer than two, none may fail
        memory       %.1f GiB for each replica
        """,
        needed.questionsPerSecond(),
        generations,
        demand.slotSeconds(),
        needed.busySlots(),
        needed.slots(),
        demand.waitSeconds(),
        gpus,
        slotsPerGpu,
        replicas,
        cores,
        needed.cores(),
        Capacity.memoryGib(users, replicas));
    if (gpuHour > 0 || coreHour > 0) {
      double month = HOURS_A_MONTH * (gpus * gpuHour + replicas * cores * coreHour);
      out.printf(Locale.ROOT, "cost         %,.0f a month%n", month);
    }
  }
}
