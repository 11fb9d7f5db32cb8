package dev.throng.bench.load;

import dev.throng.bench.rig.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the load tests of bench/load, and reports what they found. */
public final class LoadSuite {
  /** The test whose load is steady from its start to its end. */
  static final String SUSTAINED = "load-test-sustained";

  static final List<String> ALL =
      List.of("load-test-100", "load-test-1000", "load-test-spike", SUSTAINED);

  private static final Duration EDITS = Duration.ofSeconds(10);

  private final Consumer<String> progress;
  private final List<LoadResult> results = new ArrayList<>();

  /**
   * @param progress receives each figure as a line
   */
  public LoadSuite(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Runs all tests in their short form, on one server whose cache is warm.
   *
   * @param seconds of each test
   */
  public void runShortly(double seconds) throws IOException, InterruptedException {
    LoadScript most = script(SUSTAINED).lasting(seconds);
    ZipfQuestions questions = new ZipfQuestions(most.questions(), most.zipf());
    try (LoadSite site = SingleServer.start(EDITS)) {
      var _ = new LoadTest(most, site, questions).closed(); // warms the cache
      for (String name : ALL) {
        LoadScript script = script(name).lasting(seconds);
        add(new LoadTest(script, site, questions).closed());
      }
    }
  }

  /**
   * Runs the sustained test on a server, whose cache is empty.
   *
   * @param seconds with {@link Growth#SHORTEST_SECONDS} or more, growth fails it
   */
  public void runSustained(double seconds) throws IOException, InterruptedException {
    try (LoadSite site = SingleServer.start(EDITS)) {
      run(script(SUSTAINED).lasting(seconds), 0, site);
    }
  }

  /**
   * Runs a test.
   *
   * @param rate of a second test, in which questions arrive at a rate; 0 for none
   */
  void run(LoadScript script, double rate, LoadSite site) throws IOException, InterruptedException {
    ZipfQuestions questions = new ZipfQuestions(script.questions(), script.zipf());
    LoadTest test = new LoadTest(script, site, questions);
    add(test.closed());
    if (rate > 0) {
      add(test.open(rate));
    }
  }

  static LoadScript script(String name) throws IOException {
    return LoadScript.read(Home.folder().resolve("bench/load").resolve(name + ".yml"));
  }

  private void add(LoadResult result) {
    results.add(result);
    progress.accept(result.name() + ": " + result.what());
    progress.accept(
        String.format(
            Locale.ROOT,
            "  %.0f answers/s; %.1f %% of the questions were asked before, %.1f %% of the answers came from the cache; %d edits, %d kills, %d streams resumed; the servers used %.2f cores, the clients %.2f",
            result.answersPerSecond(),
            100 * result.repeated(),
            100 * result.totals().cached(),
            result.edits(),
            result.kills(),
            result.totals().resumed(),
            result.serverCores(),
            result.loadCores()));
    for (Gate gate : result.gates()) {
      progress.accept(
          "  %s %s: %s".formatted(gate.holds() ? "holds" : "FAILS", gate.name(), gate.summary()));
    }
    result.problems().forEach(problem -> progress.accept("  " + problem));
  }

  /** Returns whether all gates of all tests hold. */
  public boolean isGood() {
    return results.stream().allMatch(LoadResult::isGood);
  }

  /**
   * Writes an HTML file with all results.
   *
   * @param where the tests ran
   * @param earlier a report to compare with
   */
  public void report(Path file, String where, @Nullable Path earlier) throws IOException {
    List<LoadResult> before = earlier == null ? List.of() : LoadReport.read(earlier);
    String setting =
        "%s, %d cores, Java %s, %s; %s"
            .formatted(
                System.getProperty("os.name"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                LocalDate.now(ZoneOffset.UTC),
                where);
    new LoadReport(setting, results, before).write(file);
  }
}
