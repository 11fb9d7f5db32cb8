package dev.throng.bench;

import dev.throng.backend.pool.CallEnd;
import dev.throng.backend.pool.Need;
import dev.throng.backend.pool.PoolState;
import dev.throng.backend.pool.PoolState.Spec;
import dev.throng.backend.pool.Slot;
import dev.throng.config.ConfigLoader;
import dev.throng.config.PoolConfig;
import dev.throng.config.RoutingPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the routing policies in virtual time: the pool's own decisions over simulated backends
 * of unequal speed, with the same arrivals and answers for each policy.
 */
@Command(
    name = "routing",
    description = "Routing policies over unequal backends, simulated in virtual time.")
final class RoutingBench implements Callable<Integer> {
  private static final double LOAD = 0.7;
  private static final double[] SPEEDS = {4, 2, 1};
  private static final int SLOTS = 4;

  /** The slowest backend: prefill and decode rates of one answer, in tokens per second. */
  private static final double PREFILL = 500;

  private static final double DECODE = 20;
  private static final int PROMPT_TOKENS = 600;
  private static final double MEDIAN_TOKENS = 120;
  private static final double SIGMA = 0.6;

  private static final int EQUAL_BACKENDS = 3;
  private static final int EQUAL_SLOTS = 100;
  private static final int USERS = 100;
  private static final int COUNTED = 500;

  /** How long one of the equal backends is ten times as slow at its start. */
  private static final double SLOW_START_SECONDS = 5;

  private static final double SLOW_FACTOR = 10;

  @Option(names = "--answers", description = "Answers per run (default: ${DEFAULT-VALUE}).")
  private int answers = 20_000;

  @Option(names = "--seeds", description = "Runs of each policy (default: ${DEFAULT-VALUE}).")
  private int seeds = 5;

  private record Arrival(double atSeconds, int tokens) {}

  private record Event(double atSeconds, Runnable work) {}

  @Override
  public Integer call() {
    System.out.printf(
        "simulated: backends %s, %d slots each, Poisson arrivals at %.0f %% of their capacity, lognormal answers%n",
        Arrays.toString(SPEEDS), SLOTS, 100 * LOAD);
    System.out.printf("%-12s %9s %9s %9s%n", "seconds", "p50", "p95", "p99");
    double leastWait = p95(RoutingPolicy.LEAST_WAIT);
    double roundRobin = p95(RoutingPolicy.ROUND_ROBIN);
    double leastBusy = p95(RoutingPolicy.LEAST_BUSY);
    System.out.printf(
        "p95 of round-robin / least-wait %.2f  bar >= 1.50   of least-busy / least-wait %.2f%n",
        roundRobin / leastWait, leastBusy / leastWait);
    System.out.printf(
        "simulated: %d equal backends of %d slots, %d users who ask continuously, %d answers counted%n",
        EQUAL_BACKENDS, EQUAL_SLOTS, USERS, COUNTED);
    shares("from the start", 0);
    shares("after a slow start of one", SLOW_START_SECONDS);
    return 0;
  }

  /** Prints a row and returns its p95, in seconds. */
  private double p95(RoutingPolicy policy) {
    List<Double> p50 = new ArrayList<>();
    List<Double> p95 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    for (int seed = 0; seed < seeds; seed++) {
      double[] took = new Run(policy, arrivals(seed)).seconds();
      Arrays.sort(took);
      p50.add(took[took.length / 2]);
      p95.add(took[(int) (took.length * 0.95)]);
      p99.add(took[(int) (took.length * 0.99)]);
    }
    System.out.printf(
        "%-12s %9.2f %9.2f %9.2f%n",
        word(policy), Medians.of(p50), Medians.of(p95), Medians.of(p99));
    return Medians.of(p95);
  }

  /** Prints the largest deviation of a backend's share from an even share, over all seeds. */
  private void shares(String name, double slowUntil) {
    double worst = 0;
    String counts = "";
    for (int seed = 0; seed < seeds; seed++) {
      int[] shares = new EqualRun(seed, slowUntil).shares();
      double even = (double) COUNTED / EQUAL_BACKENDS;
      double off =
          Arrays.stream(shares).mapToDouble(share -> Math.abs(share - even) / even).max().orElse(0);
      if (off >= worst) {
        worst = off;
        counts = Arrays.toString(shares);
      }
    }
    System.out.printf(
        "%-26s most uneven of %d runs: %s, off by %.0f %%  bar <= 20 %%%n",
        name, seeds, counts, 100 * worst);
  }

  private List<Arrival> arrivals(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double meanTokens = MEDIAN_TOKENS * Math.exp(SIGMA * SIGMA / 2);
    double slotSeconds = PROMPT_TOKENS / PREFILL + meanTokens / DECODE;
    double capacity = Arrays.stream(SPEEDS).sum() * SLOTS / slotSeconds;
    List<Arrival> arrivals = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < answers; i++) {
      at += random.nextExponential() / (LOAD * capacity);
      arrivals.add(new Arrival(at, lognormal(random)));
    }
    return arrivals;
  }

  private static int lognormal(SplittableRandom random) {
    return (int) Math.max(1, MEDIAN_TOKENS * Math.exp(SIGMA * random.nextGaussian()));
  }

  private static String word(RoutingPolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One policy with one series of arrivals. */
  private static final class Run {
    private final PoolState pool;
    private final List<Arrival> arrivals;
    private final double[] took;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingDouble(Event::atSeconds));
    private double now;

    Run(RoutingPolicy policy, List<Arrival> arrivals) {
      this.arrivals = arrivals;
      this.took = new double[arrivals.size()];
      PoolConfig config =
          ConfigLoader.load(
                  null, Map.of(), Map.of("pool.policy", word(policy), "pool.hedge_share", "0"))
              .pool();
      List<Spec> specs = new ArrayList<>();
      for (int i = 0; i < SPEEDS.length; i++) {
        specs.add(new Spec("b" + i, 1, SLOTS));
      }
      this.pool = new PoolState(config, specs, new SplittableRandom(1));
      pool.dueProbes(0).forEach(probe -> pool.ended(probe, new CallEnd.Done(1), 0));
    }

    /** Returns the seconds from arrival to end of each answer. */
    double[] seconds() {
      for (int i = 0; i < arrivals.size(); i++) {
        int answer = i;
        events.add(new Event(arrivals.get(i).atSeconds(), () -> waiting.add(answer)));
      }
      while (!events.isEmpty()) {
        Event event = events.remove();
        now = event.atSeconds();
        event.work().run();
        serve();
      }
      return took;
    }

    private void serve() {
      while (!waiting.isEmpty()) {
        Need need = new Need(PROMPT_TOKENS, waiting.peek(), Set.of(), Set.of());
        Slot slot = pool.take(need, nanos());
        if (slot == null) {
          return;
        }
        run(waiting.remove(), slot);
      }
    }

    private void run(int answer, Slot slot) {
      double speed = SPEEDS[slot.backend()];
      double firstToken = now + PROMPT_TOKENS / (PREFILL * speed);
      int tokens = arrivals.get(answer).tokens();
      double end = firstToken + tokens / (DECODE * speed);
      events.add(new Event(firstToken, () -> pool.firstToken(slot, nanos())));
      events.add(
          new Event(
              end,
              () -> {
                pool.ended(slot, new CallEnd.Done(tokens), nanos());
                took[answer] = now - arrivals.get(answer).atSeconds();
              }));
    }

    private long nanos() {
      return (long) (now * 1e9);
    }
  }

  /** Users with equal backends; each user asks again when the answer has arrived. */
  private static final class EqualRun {
    private final SplittableRandom random;
    private final double slowUntil;
    private final PoolState pool;
    private final List<Integer> chosen = new ArrayList<>();
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingDouble(Event::atSeconds));
    private double now;

    EqualRun(int seed, double slowUntil) {
      this.random = new SplittableRandom(seed);
      this.slowUntil = slowUntil;
      List<Spec> specs = new ArrayList<>();
      for (int i = 0; i < EQUAL_BACKENDS; i++) {
        specs.add(new Spec("b" + i, 1, EQUAL_SLOTS));
      }
      PoolConfig config = ConfigLoader.load(null, Map.of(), Map.of("pool.hedge_share", "0")).pool();
      this.pool = new PoolState(config, specs, random);
      pool.dueProbes(0).forEach(probe -> pool.ended(probe, new CallEnd.Done(1), 0));
    }

    /**
     * Returns the answers of each backend, counted once the slow start is over and was detected.
     */
    int[] shares() {
      for (int i = 0; i < USERS; i++) {
        events.add(new Event(random.nextDouble() / 10, this::ask));
      }
      int counted = 0;
      while (counted < COUNTED) {
        Event event = events.remove();
        now = event.atSeconds();
        int before = chosen.size();
        event.work().run();
        counted += slowUntil == 0 || now > 2 * slowUntil ? chosen.size() - before : 0;
      }
      int[] shares = new int[EQUAL_BACKENDS];
      chosen.subList(chosen.size() - COUNTED, chosen.size()).forEach(backend -> shares[backend]++);
      return shares;
    }

    private void ask() {
      Need need = new Need(PROMPT_TOKENS, chosen.size(), Set.of(), Set.of());
      Slot slot = Objects.requireNonNull(pool.take(need, nanos())); // more slots than users
      chosen.add(slot.backend());
      double factor = 0.9 + 0.2 * random.nextDouble();
      int tokens = lognormal(random);
      double prefill = factor * PROMPT_TOKENS / (PREFILL * SPEEDS[0]);
      double firstToken = endOf(prefill, slot);
      double end = endOf(prefill + factor * tokens / (DECODE * SPEEDS[0]), slot);
      events.add(new Event(firstToken, () -> pool.firstToken(slot, nanos())));
      events.add(
          new Event(
              end,
              () -> {
                pool.ended(slot, new CallEnd.Done(tokens), nanos());
                ask();
              }));
    }

    /** Returns when work ends that takes this many seconds at the usual speed. */
    private double endOf(double seconds, Slot slot) {
      double slowDone = slot.backend() == 0 ? Math.max(0, slowUntil - now) / SLOW_FACTOR : 0;
      return slowDone >= seconds
          ? now + seconds * SLOW_FACTOR
          : now + slowDone * SLOW_FACTOR + seconds - slowDone;
    }

    private long nanos() {
      return (long) (now * 1e9);
    }
  }
}
