package dev.throng.observe;

import dev.throng.core.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of the main path. Every meter is looked up once, here, so that the hit path only
 * increments.
 */
public final class AnswerMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
    Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
    Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5), Duration.ofSeconds(10),
    Duration.ofSeconds(30), Duration.ofSeconds(60)
  };

  private record Step(String rung, String reason) {}

  private final MeterRegistry registry;
  private final Map<Step, Counter> degraded = new ConcurrentHashMap<>();
  private final Map<Outcome, Timer> requests = new EnumMap<>(Outcome.class);
  private final Timer embed;
  private final Timer lexical;
  private final Timer dense;
  private final Timer fuse;
  private final Timer queue;
  private final Timer generate;
  private final Counter hits;
  private final Counter misses;
  private final Counter citationsKept;
  private final Counter citationsRemoved;

  public AnswerMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      requests.put(
          outcome,
          timer(registry, Metric.REQUESTS, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    this.embed = timer(registry, Metric.STAGES, "stage", "embed");
    this.lexical = timer(registry, Metric.STAGES, "stage", "lexical");
    this.dense = timer(registry, Metric.STAGES, "stage", "dense");
    this.fuse = timer(registry, Metric.STAGES, "stage", "fuse");
    this.queue = timer(registry, Metric.STAGES, "stage", "queue");
    this.generate = timer(registry, Metric.STAGES, "stage", "generate");
    this.hits = Metric.CACHE_LOOKUPS.counter(registry, "tier", "process", "result", "hit");
    this.misses = Metric.CACHE_LOOKUPS.counter(registry, "tier", "process", "result", "miss");
    this.citationsKept = Metric.CITATIONS.counter(registry, "result", "kept");
    this.citationsRemoved = Metric.CITATIONS.counter(registry, "result", "removed");
  }

  /** Records the outcome of a request. */
  public void outcome(Outcome outcome, long nanos) {
    Timer timer = requests.get(outcome);
    if (timer != null) {
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  public void lookedUp(boolean isHit) {
    (isHit ? hits : misses).increment();
  }

  /** Records a retrieval. Times are in nanoseconds. */
  public void retrieved(long embedNanos, long lexicalNanos, long denseNanos, long fuseNanos) {
    embed.record(embedNanos, TimeUnit.NANOSECONDS);
    lexical.record(lexicalNanos, TimeUnit.NANOSECONDS);
    dense.record(denseNanos, TimeUnit.NANOSECONDS);
    fuse.record(fuseNanos, TimeUnit.NANOSECONDS);
  }

  public void generated(long queueNanos, long generateNanos) {
    queue.record(queueNanos, TimeUnit.NANOSECONDS);
    generate.record(generateNanos, TimeUnit.NANOSECONDS);
  }

  public void citations(int kept, int removed) {
    citationsKept.increment(kept);
    citationsRemoved.increment(removed);
  }

  /** Counts a question for which no generation was possible. */
  public void degraded(String rung, String reason) {
    degraded
        .computeIfAbsent(
            new Step(rung, reason),
            step -> Metric.DEGRADED.counter(registry, "rung", rung, "reason", reason))
        .increment();
  }

  private static Timer timer(MeterRegistry registry, Metric metric, String... labels) {
    return Timer.builder(metric.key())
        .description(metric.meaning())
        .tags(labels)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
