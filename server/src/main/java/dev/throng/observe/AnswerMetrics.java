package dev.throng.observe;

import dev.throng.config.ObserveConfig;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Outcome;
import dev.throng.core.TokenCount;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of the main path. Every meter is looked up once, here, so that the hit path only
 * increments.
 */
public final class AnswerMetrics {
  private record Step(String rung, String reason) {}

  private final MeterRegistry registry;
  private final Map<Step, Counter> degraded = new ConcurrentHashMap<>();
  private final Map<Outcome, Timer> requests = new EnumMap<>(Outcome.class);
  private final Timer embed;
  private final Timer lexical;
  private final Timer dense;
  private final Timer fuse;
  private final Timer queue;
  private final Timer firstToken;
  private final Timer generate;
  private final Counter hits;
  private final Counter misses;
  private final Counter citationsKept;
  private final Counter citationsRemoved;
  private final Timer own;
  private final ModelMetrics saved;
  private final EnumCounters<FinishReason> generations;

  public AnswerMetrics(MeterRegistry registry, ObserveConfig config) {
    this.registry = registry;
    this.own = Metric.QUESTION_OWN.histogram(registry);
    this.saved = ModelMetrics.saved(registry, config);
    this.generations =
        new EnumCounters<>(registry, Metric.GENERATIONS, "finish_reason", FinishReason.class);
    for (Outcome outcome : Outcome.values()) {
      requests.put(
          outcome,
          Metric.QUESTIONS.histogram(registry, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    this.embed = Metric.STAGES.histogram(registry, "stage", "embed");
    this.lexical = Metric.STAGES.histogram(registry, "stage", "lexical");
    this.dense = Metric.STAGES.histogram(registry, "stage", "dense");
    this.fuse = Metric.STAGES.histogram(registry, "stage", "fuse");
    this.queue = Metric.STAGES.histogram(registry, "stage", "queue");
    this.firstToken = Metric.STAGES.histogram(registry, "stage", "first_token");
    this.generate = Metric.STAGES.histogram(registry, "stage", "generate");
    this.hits = Metric.CACHE_LOOKUPS.counter(registry, "tier", "process", "result", "hit");
    this.misses = Metric.CACHE_LOOKUPS.counter(registry, "tier", "process", "result", "miss");
    this.citationsKept = Metric.CITATIONS.counter(registry, "result", "kept");
    this.citationsRemoved = Metric.CITATIONS.counter(registry, "result", "removed");
  }

  /** Records a request that ended without an answer. */
  public void unanswered(Outcome outcome, long nanos) {
    timer(outcome).record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Records a request that was answered.
   *
   * @param generationNanos what of the time was spent waiting for a backend and generating
   * @param tokens tokens of the answer's generation, which may have been for another request
   */
  public void answered(Outcome outcome, long nanos, long generationNanos, TokenCount tokens) {
    timer(outcome).record(nanos, TimeUnit.NANOSECONDS);
    if (outcome.isWork()) {
      own.record(Math.max(0, nanos - generationNanos), TimeUnit.NANOSECONDS);
    }
    if (outcome != Outcome.GENERATED) {
      saved.add(tokens);
    }
  }

  private Timer timer(Outcome outcome) {
    return Objects.requireNonNull(requests.get(outcome)); // each outcome has a timer
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

  /**
   * Records a generation of this replica, with the times from its request for a permit.
   *
   * @param queueNanos until it got the permit
   * @param firstTokenNanos from then to the first token
   * @param generateNanos from then to the end
   */
  public void generated(
      FinishReason reason, long queueNanos, long firstTokenNanos, long generateNanos) {
    queue.record(queueNanos, TimeUnit.NANOSECONDS);
    firstToken.record(firstTokenNanos, TimeUnit.NANOSECONDS);
    generate.record(generateNanos, TimeUnit.NANOSECONDS);
    generations.increment(reason);
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
}
