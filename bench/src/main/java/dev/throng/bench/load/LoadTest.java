package dev.throng.bench.load;

import dev.throng.bench.load.ServerSamples.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Runs a load test. */
final class LoadTest {
  private final LoadScript script;
  private final LoadSite site;
  private final ZipfQuestions questions;

  /**
   * @param questions shared by all tests of a server, which may know the answers of earlier ones
   */
  LoadTest(LoadScript script, LoadSite site, ZipfQuestions questions) {
    this.script = script;
    this.site = site;
    this.questions = questions;
  }

  /** Users who wait for their answers, as the script says. */
  LoadResult closed() throws InterruptedException {
    return run(
        script.name(),
        script.summary(),
        recorder -> new ClosedLoop(script, site.url(), questions, recorder).run());
  }

  /** Questions that arrive at a rate, whether earlier ones are answered or not. */
  LoadResult open(double perSecond) throws InterruptedException {
    return run(
        script.name() + "-open",
        String.format(
            Locale.ROOT,
            "%.0f questions/s for %.0f s, whatever happens",
            perSecond,
            script.seconds()),
        recorder -> new OpenLoop(script, perSecond, site.url(), questions, recorder).run());
  }

  private interface Load {
    void run(LoadRecorder recorder) throws InterruptedException;
  }

  private LoadResult run(String name, String what, Load load) throws InterruptedException {
    ZipfQuestions.Count before = questions.count();
    LoadRecorder recorder = new LoadRecorder();
    int editsBefore = site.edits();
    long startNanos = System.nanoTime();
    Duration cpuBefore = cpu();
    ServerSamples samples = new ServerSamples(site);
    Kills kills = Kills.during(script, site);
    try (samples;
        kills) {
      load.run(recorder);
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    return new LoadResult(
        name,
        what,
        seconds,
        questions.count().repeatedSince(before),
        site.edits() - editsBefore,
        kills.count(),
        cores(samples.samples()),
        cpu().minus(cpuBefore).toMillis() / 1e3 / seconds,
        recorder.totals(),
        recorder.figures(),
        samples.samples(),
        recorder.problems());
  }

  /** Of this process, which is the load. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double cores(List<Sample> samples) {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return (last.cpuSeconds() - first.cpuSeconds()) / (last.at() - first.at());
  }
}
