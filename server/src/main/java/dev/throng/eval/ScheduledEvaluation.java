package dev.throng.eval;

import dev.throng.core.Periodic;
import dev.throng.eval.QuestionSet.Scores;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches for the questions of a set again and again, so that a change of the documents or of the
 * configuration that makes retrieval worse is noticed. It searches for one question at a time, with
 * pauses, so that clients hardly notice it.
 */
public final class ScheduledEvaluation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ScheduledEvaluation.class);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** The scores of one run, and when it ended. */
  public record Run(Scores scores, Instant at) {}

  private final QuestionSet questions;
  private final Function<String, List<String>> search;
  private final InstantSource clock;
  private final Periodic runs;
  private volatile @Nullable Run latest;

  /**
   * Starts the first run.
   *
   * @param interval between two runs
   * @param search as for {@link QuestionSet#score}
   */
  public ScheduledEvaluation(
      QuestionSet questions,
      Duration interval,
      Function<String, List<String>> search,
      InstantSource clock) {
    this.questions = questions;
    this.search = search;
    this.clock = clock;
    this.runs = Periodic.startNow("evaluation", interval, this::run);
  }

  /** Returns the latest complete run. */
  public Optional<Run> latest() {
    return Optional.ofNullable(latest);
  }

  private void run() {
    Scores scores =
        questions.score(question -> {
          LockSupport.parkNanos(PAUSE.toNanos());
          return search.apply(question);
        });
    if (Thread.currentThread().isInterrupted()) {
      return; // closed
    }
    latest = new Run(scores, clock.instant());
    log.info(
        "evaluation of {} questions: nDCG@10 {}, {} failed",
        scores.questions(),
        "%.3f".formatted(scores.ndcgAt10()),
        scores.failed());
  }

  @Override
  public void close() {
    runs.close();
  }
}
