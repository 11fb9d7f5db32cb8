package dev.throng.answer;

import dev.throng.cache.SharedText;
import dev.throng.core.ErrorCode;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The work on one question at one epoch, on a thread of its own; it belongs to no client. Those who
 * ask the same meanwhile listen to it.
 */
final class Flight {
  /**
   * What is known once the prompt is assembled.
   *
   * @param answerId the generation that the text is from
   * @param epoch of the documents the sources are from
   * @param text where the answer appears: this flight's own, or that of the flight it follows
   * @param outcome for who started this flight
   */
  record Prepared(
      String answerId, List<Source> sources, long epoch, SharedText text, Outcome outcome) {}

  private final QuestionKey key;
  private final Question question;
  private final String answerId;
  private final SharedText text = new SharedText();
  private final CompletableFuture<Prepared> prepared = new CompletableFuture<>();
  private volatile Timings timings = Timings.NONE;
  private volatile @Nullable Thread thread;
  private volatile boolean isCancelled;

  Flight(QuestionKey key, Question question, String answerId) {
    this.key = key;
    this.answerId = answerId;
    this.question = question;
  }

  QuestionKey key() {
    return key;
  }

  /** The question of who started it. */
  Question question() {
    return question;
  }

  /** Names the generation, if this flight comes to make one. */
  String answerId() {
    return answerId;
  }

  SharedText text() {
    return text;
  }

  Timings timings() {
    return timings;
  }

  void timings(Timings measured) {
    this.timings = measured;
  }

  void start(Runnable body) {
    Thread started = Thread.ofVirtual().name("flight-" + question.id()).unstarted(body);
    thread = started;
    started.start();
    if (isCancelled) {
      started.interrupt();
    }
  }

  /** Stops the work: nobody listens any more. */
  void cancel() {
    isCancelled = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  void prepare(Prepared found) {
    prepared.complete(found);
  }

  void fail(ThrongException cause) {
    prepared.completeExceptionally(cause);
    text.fail(cause);
  }

  /** Waits until the sources are known; null when the wait timed out. */
  @Nullable Prepared awaitPrepared(long timeoutNanos) throws InterruptedException {
    try {
      return prepared.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ThrongException classified
          ? classified
          : new ThrongException(ErrorCode.INTERNAL, "the flight failed", e);
    }
  }
}
