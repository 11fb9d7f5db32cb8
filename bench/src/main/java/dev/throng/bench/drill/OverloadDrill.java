package dev.throng.bench.drill;

import dev.throng.bench.rig.Arrivals;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.Latencies;
import dev.throng.bench.rig.MachineLoad;
import dev.throng.bench.rig.Questions;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Ten times the questions that the backends can answer, for minutes, together with a steady stream
 * of questions whose answers are cached. The control runs before and after it: the same load from
 * the same generators, but a stub refuses the questions that are not cached, and the server has
 * only the others. At the end of the overload, all clients that still wait hang up.
 */
public final class OverloadDrill {
  private static final int BACKENDS = 2;
  private static final AnswerLength LENGTH = new AnswerLength(20, 0, 20, 20);
  private static final double TIMES_CAPACITY = 10;
  private static final int HITS_PER_SECOND = 300;
  private static final int HOT = 20;

  /** Small enough to be full within the first minute: any growth after that would be a leak. */
  private static final String CACHE_BYTES = "4MiB";

  private static final Duration EARLY = Duration.ofMinutes(1);
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);
  private static final double GOODPUT_BAR = 0.95;
  private static final double HIT_FACTOR_BAR = 1.5;
  private static final double HIT_MILLIS_BAR = 10;
  private static final double REFUSAL_MILLIS_BAR = 100;
  private static final double HEAP_BAR = 1.2;
  private static final double NORMAL_BAR = 1.25;
  private static final int SHOWN = 5;

  /**
   * The parameters.
   *
   * @param slots of each of the two backends
   * @param tokensPerSecond of each stream; an answer has somewhat more than twenty tokens
   * @param overload length of the overload
   * @param control length of each of the two controls, and of the direct run
   * @param settle from the start of the overload to full backends, and from its end to normal
   *     operation
   * @param probes questions, one a second, that measure the time without load
   * @param maxWait as admission.max_wait
   * @param ladder the degradation ladder for questions that cannot be answered
   */
  public record Plan(
      int slots,
      double tokensPerSecond,
      Duration overload,
      Duration control,
      Duration settle,
      int probes,
      Duration maxWait,
      String ladder,
      Path documents) {}

  /** The questions of the overload with the same outcome, and their times. */
  public record End(String name, int count, double p50Millis, double p99Millis) {
    private End(String name, Latencies latencies) {
      this(name, latencies.count(), latencies.p50(), latencies.p99());
    }
  }

  /** One phase of load; goodput is counted from {@code fromNanos} to {@code toNanos}. */
  private record Phase(
      HitLoad hits,
      ColdLoad cold,
      double busyShare,
      long liveBytesEarly,
      long liveBytesLate,
      long fromNanos,
      long toNanos) {
    double goodput() {
      return cold.generatedBetween(fromNanos, toNanos) / ((toNanos - fromNanos) / 1e9);
    }
  }

  /**
   * How cached answers fared.
   *
   * @param p50 during the overload, in milliseconds
   * @param controlP50 the same during the controls
   * @param missed questions that should have been hits
   */
  public record Hits(double p50, double p99, double controlP50, double controlP99, int missed) {
    public double p99Bar() {
      return Math.max(HIT_FACTOR_BAR * controlP99, controlP99 + HIT_MILLIS_BAR);
    }
  }

  /**
   * What the overload cost the server.
   *
   * @param liveBytesEarly of its heap, after a collection in the overload's first minute
   * @param liveBytesLate the same at its end
   */
  public record Cost(
      long liveBytesEarly, long liveBytesLate, double busyShare, double controlBusyShare) {}

  /**
   * The results.
   *
   * @param capacity generations a second that the backends give alone
   * @param offered questions a second, in addition to the cached ones
   * @param goodput generated answers a second during the overload
   * @param normalMillis median time of a generated answer before the overload
   * @param afterMillis the same after the settling time
   */
  public record Result(
      Plan plan,
      double capacity,
      double offered,
      double goodput,
      Hits hits,
      List<End> ends,
      double refusalP99,
      Cost cost,
      double normalMillis,
      double afterMillis,
      List<String> problems) {
    public boolean isGood() {
      return problems.isEmpty()
          && hits.missed() == 0
          && goodput >= GOODPUT_BAR * capacity
          && hits.p99() <= hits.p99Bar()
          && refusalP99 <= REFUSAL_MILLIS_BAR
          && cost.liveBytesLate() <= HEAP_BAR * cost.liveBytesEarly()
          && afterMillis <= NORMAL_BAR * normalMillis;
    }
  }

  private final Plan plan;
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<String> questions;
  private final List<String> hotBodies;
  private int phases;

  public OverloadDrill(Plan plan) throws IOException {
    this.plan = plan;
    this.questions = Questions.texts(200);
    this.hotBodies = Questions.bodies(HOT);
  }

  /** Runs the drill to its end. */
  public Result run() throws IOException, InterruptedException {
    SimSettings simulated =
        SimSettings.instant()
            .withSlots(plan.slots())
            .withRates(new Rates(50_000, plan.tokensPerSecond(), 0, 0))
            .withAnswers(LENGTH);
    Map<String, String> settings =
        Map.of(
            "THRONG_ADMISSION_LADDER",
            plan.ladder(),
            "THRONG_ADMISSION_MAX_WAIT",
            plan.maxWait().toMillis() + "ms",
            "THRONG_CACHE_MAX_BYTES",
            CACHE_BYTES);
    Path folder = Home.temporary("stub");
    Path refusal = Files.writeString(folder.resolve("refusal.json"), "{\"status\":429}");
    try (SimulatedSite site =
            SimulatedSite.start(simulated, BACKENDS, settings, List.of(), plan.documents());
        ServerProcess stub = ServerProcess.refusing(folder, refusal)) {
      makeHot(site);
      return measure(site, URI.create(stub.url()));
    }
  }

  private void makeHot(SimulatedSite site) throws IOException, InterruptedException {
    int concurrency = BACKENDS * plan.slots(); // so that no question has to wait
    try (ExecutorService threads =
        Executors.newFixedThreadPool(concurrency, Thread.ofVirtual().name("hot-", 0).factory())) {
      List<Future<byte[]>> answers =
          threads.invokeAll(
              hotBodies.stream()
                  .<Callable<byte[]>>map(body -> () -> site.server().post("/query", body))
                  .toList());
      for (Future<byte[]> answer : answers) {
        answer.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a question that should be cached failed", e);
    }
  }

  private Result measure(SimulatedSite site, URI stub) throws IOException, InterruptedException {
    DirectLoad direct = new DirectLoad(site.proxies(), plan.slots());
    double before = direct.perSecond(plan.control());
    double offered = TIMES_CAPACITY * before;
    control(site, stub, offered); // warms up
    double normal = medianMillis(site.url(), "before");
    Phase first = control(site, stub, offered);
    Phase overload = overload(site, offered);
    overload.cold().leave();
    Thread.sleep(plan.settle());
    double after = medianMillis(site.url(), "after");
    Phase second = control(site, stub, offered);
    double capacity = (before + direct.perSecond(plan.control())) / 2;
    Latencies calm = first.hits().latencies().and(second.hits().latencies());
    Latencies busy = overload.hits().latencies();
    ColdLoad cold = overload.cold();
    List<End> ends = cold.ends().stream().map(end -> new End(end, cold.latencies(end))).toList();
    return new Result(
        plan,
        capacity,
        offered,
        overload.goodput(),
        new Hits(
            busy.p50(),
            busy.p99(),
            calm.p50(),
            calm.p99(),
            first.hits().missed() + overload.hits().missed() + second.hits().missed()),
        ends,
        cold.latencies(ColdLoad.REFUSED).p99(),
        new Cost(
            overload.liveBytesEarly(),
            overload.liveBytesLate(),
            overload.busyShare(),
            (first.busyShare() + second.busyShare()) / 2),
        normal,
        after,
        cold.failures().stream().limit(SHOWN).toList());
  }

  private Phase control(SimulatedSite site, URI stub, double offered)
      throws IOException, InterruptedException {
    return phase(site, stub, offered, plan.control(), "control");
  }

  private Phase overload(SimulatedSite site, double offered)
      throws IOException, InterruptedException {
    return phase(site, site.url(), offered, plan.overload(), "overload");
  }

  /**
   * Sends hits to the server, and ten times too many other questions.
   *
   * @param cold the target of the other questions
   */
  private Phase phase(SimulatedSite site, URI cold, double offered, Duration length, String kind)
      throws IOException, InterruptedException {
    ColdLoad load = new ColdLoad(questions, kind + " " + phases++);
    try (HitLoad hits = new HitLoad(site.url(), hotBodies)) {
      MachineLoad machine = MachineLoad.start();
      long start = System.nanoTime();
      Arrivals cached = new Arrivals("hits", () -> 1.0 / HITS_PER_SECOND, hits::ask);
      Arrivals others =
          new Arrivals(
              "questions",
              () -> random.nextExponential() / offered,
              dueNanos -> load.ask(cold, dueNanos));
      Duration early = length.compareTo(EARLY) < 0 ? length.dividedBy(2) : EARLY;
      Thread.sleep(early);
      long liveEarly = site.server().liveHeapBytes();
      others.endAfter(length.minus(early));
      long end = System.nanoTime();
      cached.endAfter(Duration.ZERO);
      double busy = machine.busyShare();
      return new Phase(
          hits,
          load,
          busy,
          liveEarly,
          site.server().liveHeapBytes(),
          start + plan.settle().toNanos(),
          end);
    }
  }

  /** Times of generated answers, one question a second. */
  private double medianMillis(URI server, String kind) throws InterruptedException {
    ColdLoad load = new ColdLoad(questions, kind);
    CountDownLatch done = new CountDownLatch(plan.probes());
    Arrivals one =
        new Arrivals(
            "probes",
            () -> 1,
            dueNanos -> {
              load.ask(server, dueNanos);
              done.countDown();
            });
    one.endAfter(Duration.ofSeconds(plan.probes()).plus(HALF_A_SECOND));
    done.await();
    return load.latencies(ColdLoad.GENERATED).p50();
  }
}
