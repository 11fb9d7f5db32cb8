package dev.throng.bench.drill;

import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.PoolState.View;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.ollamasim.Fault;
import dev.throng.ollamasim.FaultKind;
import dev.throng.ollamasim.OllamaSim;
import dev.throng.ollamasim.SimSettings;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import dev.throng.ollamasim.SimSettings.Rates;
import dev.throng.ollamasim.SimulatedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many simultaneous answers over three simulated backends. Two of them are broken repeatedly, by
 * every kind of fault; one is always healthy. The simulator's text is a function of the prompt, so
 * each answer must be identical to the expected one.
 */
public final class FailoverDrill {
  private static final int BACKENDS = 3;
  private static final int SLOTS = 20;
  private static final AnswerLength LENGTH = new AnswerLength(40, 0.6, 8, 200);
  private static final Rates RATES = new Rates(20_000, 400, 0, 20);
  private static final Duration BETWEEN_FAULTS = Duration.ofMillis(30);
  private static final Duration CHANGE_OF_VICTIMS = Duration.ofMillis(1_500);
  private static final long DOWN_MILLIS = 300;
  private static final int MAX_TOKENS = 400;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int SHOWN = 5;

  private static final List<FaultKind> GONE = List.of(FaultKind.CRASH, FaultKind.HALF_OPEN);

  private static final List<FaultKind> BROKEN =
      List.of(
          FaultKind.HANG_BEFORE_FIRST_TOKEN,
          FaultKind.HANG,
          FaultKind.HTTP_500,
          FaultKind.HTTP_503,
          FaultKind.ERROR_LINE,
          FaultKind.EOF_WITHOUT_DONE,
          FaultKind.GARBAGE_LINE,
          FaultKind.RESET);

  /**
   * The results.
   *
   * @param equal answers that are identical to those without faults
   * @param problems the first few answers that failed or differ
   * @param continued answers that another backend had to continue
   * @param faults faults that occurred
   * @param mostInFlight most simultaneous generations at one backend, as it counted them; probes
   *     included
   */
  public record Result(
      int answers,
      int equal,
      int continued,
      long faults,
      long seamMismatches,
      int mostInFlight,
      List<String> problems) {
    public boolean isGood() {
      return equal == answers && seamMismatches == 0 && mostInFlight <= SLOTS;
    }
  }

  private final int answers;
  private final SplittableRandom random;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger equal = new AtomicInteger();
  private final AtomicInteger continued = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

  public FailoverDrill(int answers, long seed) {
    this.answers = answers;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Runs the drill to its end.
   *
   * @param streams simultaneous answers
   */
  public Result run(int streams) throws InterruptedException {
    List<OllamaSim> sims = new ArrayList<>();
    for (int i = 0; i < BACKENDS; i++) {
      sims.add(
          OllamaSim.start(
              new SimSettings(
                  "a drill", List.of("llama3.2:1b"), "", SLOTS, 4096, 64, RATES, LENGTH)));
    }
    AtomicBoolean isOver = new AtomicBoolean();
    try (BackendPool pool = pool(sims)) {
      PoolClients.awaitAllUp(pool);
      Thread breaker =
          Thread.ofVirtual().name("drill-faults").start(() -> breakThem(sims, pool, isOver));
      CountDownLatch done = new CountDownLatch(streams);
      for (int i = 0; i < streams; i++) {
        Thread.ofVirtual()
            .name("drill-client-" + i)
            .start(() -> {
              askUntilDone(pool);
              done.countDown();
            });
      }
      done.await();
      isOver.set(true);
      breaker.join();
      return result(sims);
    } finally {
      isOver.set(true);
      sims.forEach(OllamaSim::close);
    }
  }

  private static BackendPool pool(List<OllamaSim> sims) {
    ThrongConfig config =
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "ollama.slots", Integer.toString(SLOTS),
                "model.first_token_timeout", "500ms",
                "model.between_tokens_timeout", "300ms",
                "pool.min_cooldown", "50ms",
                "pool.max_cooldown", "200ms",
                "pool.slow_start", "200ms",
                "pool.slow_factor", "1000.0"));
    return PoolClients.pool(config, sims.stream().map(OllamaSim::url).toList());
  }

  private void askUntilDone(BackendPool pool) {
    int number;
    while ((number = next.getAndIncrement()) < answers) {
      Prompt prompt =
          new Prompt("Answer.", "Question number " + number + "?", "?", List.of(), "en");
      StringBuilder text = new StringBuilder();
      try {
        Completion completion =
            pool.generate(
                prompt, MAX_TOKENS, Deadline.after(Ticker.system(), TIMEOUT), text::append);
        if (!completion.seams().isEmpty()) {
          continued.incrementAndGet();
        }
        String expected = SimulatedText.answerTo(ChatMl.raw(prompt), LENGTH);
        if (expected.contentEquals(text)) {
          equal.incrementAndGet();
        } else {
          problems.add(
              "answer %d: \"%s\" (expected: \"%s\"; seams %s)"
                  .formatted(number, text, expected, completion.seams()));
        }
      } catch (ThrongException e) {
        problems.add("answer %d: %s after \"%s\"".formatted(number, e.getMessage(), text));
      }
    }
  }

  private void breakThem(List<OllamaSim> sims, BackendPool pool, AtomicBoolean isOver) {
    int spared = 0;
    long changeNanos = System.nanoTime() + CHANGE_OF_VICTIMS.toNanos();
    try {
      while (!isOver.get()) {
        int victim = (spared + 1 + random.nextInt(BACKENDS - 1)) % BACKENDS;
        View view = pool.view().get(victim);
        if (view.phase().equals("UP") && view.inFlight() > 0) { // otherwise a probe would get it
          sims.get(victim).inject(new Fault(kind(), random.nextInt(30), 1, 1, DOWN_MILLIS));
        }
        TimeUnit.MILLISECONDS.sleep(BETWEEN_FAULTS.toMillis());
        if (System.nanoTime() - changeNanos > 0) {
          sims.forEach(OllamaSim::clearFaults);
          PoolClients.awaitAllUp(pool); // the backend that is spared next must recover first
          spared = (spared + 1) % BACKENDS;
          changeNanos = System.nanoTime() + CHANGE_OF_VICTIMS.toNanos();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A crashed backend shows no other fault, so crashes are rare. */
  private FaultKind kind() {
    List<FaultKind> kinds = random.nextInt(8) == 0 ? GONE : BROKEN;
    return kinds.get(random.nextInt(kinds.size()));
  }

  private Result result(List<OllamaSim> sims) {
    return new Result(
        answers,
        equal.get(),
        continued.get(),
        sims.stream()
            .flatMap(sim -> sim.stats().faults().values().stream())
            .mapToLong(f -> f)
            .sum(),
        sims.stream().mapToLong(sim -> sim.stats().seamMismatches()).sum(),
        sims.stream().mapToInt(sim -> sim.stats().maxInFlight()).max().orElse(0),
        problems.stream().limit(SHOWN).toList());
  }
}
