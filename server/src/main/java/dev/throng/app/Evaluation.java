package dev.throng.app;

import dev.throng.config.EvalConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import dev.throng.eval.QuestionSet;
import dev.throng.eval.QuestionSet.Scores;
import dev.throng.eval.ScheduledEvaluation;
import dev.throng.http.TenantResolver;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.retrieval.Retriever;
import dev.throng.retrieval.Retriever.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The scheduled evaluation of retrieval, if one is configured. */
final class Evaluation implements AutoCloseable {
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(30);

  private final EvalConfig config;
  private final @Nullable QuestionSet questions;
  private final Retriever retriever;
  private final MetricsRegistry metrics;
  private volatile @Nullable ScheduledEvaluation running;

  /**
   * Reads the questions.
   *
   * @throws IllegalArgumentException when the file is malformed
   */
  Evaluation(EvalConfig config, Retriever retriever, MetricsRegistry metrics) {
    Path file = config.questions();
    this.config = config;
    this.questions = file == null ? null : QuestionSet.read(file);
    this.retriever = retriever;
    this.metrics = metrics;
  }

  /** Starts the first evaluation, when the documents are there. */
  void start() {
    if (questions == null) {
      return;
    }
    CollectionRef ref = new CollectionRef(TenantResolver.DEFAULT_TENANT, config.collection());
    Mode mode = retriever.modes().contains(Mode.HYBRID) ? Mode.HYBRID : Mode.DENSE;
    ScheduledEvaluation evaluation =
        new ScheduledEvaluation(
            questions,
            config.interval(),
            question -> rank(ref, question, mode),
            InstantSource.system());
    running = evaluation;
    gauge(evaluation, Metric.EVAL_NDCG, Scores::ndcgAt10);
    gauge(evaluation, Metric.EVAL_RECALL, Scores::recallAt10);
    gauge(evaluation, Metric.EVAL_FIRST, Scores::first);
    gauge(evaluation, Metric.EVAL_FAILED, Scores::failed);
    metrics.gauge(
        Metric.EVAL_TIME,
        () -> evaluation.latest().map(run -> run.at().toEpochMilli() / 1e3).orElse(Double.NaN));
  }

  private List<String> rank(CollectionRef ref, String question, Mode mode) {
    Deadline deadline = Deadline.after(Ticker.system(), SEARCH_TIMEOUT);
    return retriever.rankDocuments(ref, question, QuestionSet.DEPTH, mode, deadline);
  }

  private void gauge(
      ScheduledEvaluation evaluation, Metric metric, ToDoubleFunction<Scores> value) {
    metrics.gauge(
        metric,
        () -> evaluation.latest().map(run -> value.applyAsDouble(run.scores())).orElse(Double.NaN));
  }

  @Override
  public void close() {
    ScheduledEvaluation evaluation = running;
    if (evaluation != null) {
      evaluation.close();
    }
  }
}
