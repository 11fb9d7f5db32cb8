package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.KeptConnections;
import dev.throng.bench.rig.NewQuestions;
import dev.throng.bench.rig.QueryConnection.Response;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.bench.rig.SimProcess;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** CPU time of answers that are generated, beside that of their retrieval alone. */
@Command(
    name = "streamed",
    description = {
      "CPU time of the server for a generated answer of 100 tokens, as an event stream and as JSON,",
      "beside that of a search. Every question is new; the backends are simulated."
    })
final class StreamedBench implements Callable<Integer> {
  private static final int BACKENDS = 3;
  private static final int TOKENS = 100;
  private static final int QUESTIONS = 200;
  private static final SimSettings SIMULATED =
      SimSettings.instant()
          .withSlots(100)
          .withNumCtx(32_768)
          .withRates(new Rates(1_000_000, 50, 0, 0))
          .withAnswers(new AnswerLength(TOKENS, 0, TOKENS, TOKENS));

  @Option(names = "--users", description = "Simultaneous users (default: ${DEFAULT-VALUE}).")
  private int users = 30;

  @Option(names = "--seconds", description = "Length of a run (default: ${DEFAULT-VALUE}).")
  private int seconds = 15;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--jvm-option",
      description = "For the server's JVM, such as -XX:StartFlightRecording=filename=x.jfr.")
  private List<String> jvmOptions = List.of();

  private volatile @Nullable String failure;

  /** A kind of request. */
  private enum Kind {
    SEARCH("/search"),
    JSON("/query"),
    STREAM("/query");

    private final String path;

    Kind(String path) {
      this.path = path;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Home.temporary("streamed");
    NewQuestions questions = new NewQuestions(Questions.texts(QUESTIONS), "case");
    try (SimProcess simulator = SimProcess.start(folder, SIMULATED, BACKENDS)) {
      Map<String, String> settings =
          new HashMap<>(SimProcess.serverSettings(simulator.urls(), SIMULATED));
      settings.put("THRONG_RETRIEVAL_MIN_RELEVANCE", "-1");
      try (ServerProcess server =
          ServerProcess.throng(folder, settings, jvmOptions, Home.examples().resolve("handbook"))) {
        for (Kind kind : Kind.values()) {
          var _ = cpuMillis(server, kind, questions); // warms up
        }
        report(server, questions);
      }
    }
    if (failure != null) {
      System.out.println("failed: " + failure);
    }
    return failure == null ? 0 : 1;
  }

  private void report(ServerProcess server, NewQuestions questions) throws InterruptedException {
    Map<Kind, List<Double>> figures = new EnumMap<>(Kind.class);
    for (int round = 0; round < rounds; round++) {
      for (Kind kind : Kind.values()) {
        figures
            .computeIfAbsent(kind, _ -> new ArrayList<>())
            .add(cpuMillis(server, kind, questions));
      }
    }
    figures.forEach((kind, millis) ->
        System.out.printf(
            "CPU of a new %-6s %s ms%n",
            kind.name().toLowerCase(Locale.ROOT), Medians.spread(millis)));
  }

  /** Returns the CPU time of the server for each request, while all users ask. */
  private double cpuMillis(ServerProcess server, Kind kind, NewQuestions questions)
      throws InterruptedException {
    LongAdder answered = new LongAdder();
    Duration before = cpu(server);
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < users; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (KeptConnections connection =
                    new KeptConnections(URI.create(server.url()), kind.path)) {
                  while (System.nanoTime() - end < 0) {
                    ask(connection, kind, questions);
                    answered.increment();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return cpu(server).minus(before).toNanos() / 1e6 / answered.sum();
  }

  private void ask(KeptConnections connection, Kind kind, NewQuestions questions) {
    String question = questions.next();
    String body =
        kind == Kind.SEARCH
            ? Questions.body(question)
            : Questions.body(question, kind == Kind.STREAM);
    try {
      Response response = connection.ask(body, _ -> {});
      if (response.status() != 200) {
        failure = response.status() + " " + response.body();
      }
    } catch (IOException e) {
      failure = e.toString();
    }
  }

  private static Duration cpu(ServerProcess server) {
    return server.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
