package dev.throng.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.core.Outcome;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Configs;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens that were used and saved, and their cost. */
final class ModelMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BackendMetrics backends =
      new BackendMetrics(
          registry,
          Configs.with("observe.prompt_price", "0.5", "observe.generated_price", "2").observe());
  private final AnswerMetrics answers =
      new AnswerMetrics(registry, Configs.with("observe.generated_price", "2").observe());

  private double tokens(Metric metric, String kind) {
    return registry.get(metric.key()).tag("kind", kind).counter().count();
  }

  private double cost(Metric metric) {
    return registry.get(metric.key()).functionCounter().count();
  }

  @Test
  void costIsPricePerMillionTokens() {
    backends.used(new TokenCount(1_000_000, 500_000));
    backends.used(TokenCount.ofText(500_000));
    assertEquals(1_000_000, tokens(Metric.TOKENS, "prompt"));
    assertEquals(1_000_000, tokens(Metric.TOKENS, "generated"));
    assertEquals(2.5, cost(Metric.COST));
  }

  @Test
  void everyAnswerWithoutAnotherGenerationSavesItsTokens() {
    TokenCount tokens = new TokenCount(300, 40);
    answers.answered(Outcome.GENERATED, 2, 1, tokens);
    assertEquals(0, tokens(Metric.TOKENS_SAVED, "prompt"));
    answers.answered(Outcome.HIT, 2, 0, tokens);
    answers.answered(Outcome.FOLLOWED, 2, 1, tokens);
    answers.answered(Outcome.REVALIDATED, 2, 0, tokens);
    assertEquals(900, tokens(Metric.TOKENS_SAVED, "prompt"));
    assertEquals(120, tokens(Metric.TOKENS_SAVED, "generated"));
    assertEquals(240e-6, cost(Metric.COST_SAVED), 1e-12);
  }

  @Test
  void ownTimeIsThatOfQuestionsForWhichTheServerHadToSearch() {
    Stream.of(Outcome.values())
        .filter(Outcome::isAnswer)
        .forEach(outcome -> answers.answered(outcome, 5, 2, TokenCount.NONE));
    Timer own = registry.get(Metric.QUESTION_OWN.key()).timer();
    assertEquals(3, own.count(), "not of hits and followers");
    assertEquals(9, own.totalTime(TimeUnit.NANOSECONDS));
  }

  @Test
  void backendThatHasLeftIsForgotten() {
    for (int i = 0; i < 1_000; i++) {
      String backend = "http://10.0.0." + i + ":11434";
      backends.watch(backend, name -> true);
      backends.called(backend, "ok");
      backends.called(backend, "backend_timeout");
      backends.unwatch(backend);
      backends.forget(backend);
    }
    assertEquals(0, registry.find(Metric.BACKEND_UP.key()).meters().size());
    assertEquals(0, registry.find(Metric.BACKEND_CALLS.key()).meters().size());
    backends.called("http://10.0.0.1:11434", "ok");
    assertEquals(
        1, registry.get(Metric.BACKEND_CALLS.key()).counter().count(), "counted from 1 again");
  }
}
