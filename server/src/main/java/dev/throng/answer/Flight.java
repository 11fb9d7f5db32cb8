package dev.throng.answer;

import dev.throng.admission.Place;
import dev.throng.cache.SharedText;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
   * @param degradation what is less about it, if anything is
   */
  record Prepared(
      String answerId,
      List<Source> sources,
      long epoch,
      SharedText text,
      Outcome outcome,
      @Nullable Degradation degradation) {
    Prepared(String answerId, List<Source> sources, long epoch, SharedText text, Outcome outcome) {
      this(answerId, sources, epoch, text, outcome, null);
    }
  }

  private final QuestionKey key;
  private final Question question;
  private final String answerId;
  private final SharedText text = new SharedText();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Place place;
  private @Nullable Prepared prepared;
  private @Nullable Prepared fallback;
  private @Nullable ThrongException failure;
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

  /** Its place in the queue, as of now. */
  void queued(Place now) {
    change(() -> place = now);
  }

  void prepare(Prepared found) {
    change(() -> prepared = found);
  }

  /**
   * Ends with a lesser answer than the one that failed; possible only before any text was
   * delivered. What was prepared before counts no more.
   */
  void degrade(Prepared found, ThrongException cause) {
    change(() -> fallback = found);
    text.fail(cause);
  }

  void fail(ThrongException cause) {
    change(() -> failure = cause);
    text.fail(cause);
  }

  /** Whether listeners have been given text that nothing else can replace. */
  boolean hasText() {
    lock.lock();
    try {
      return prepared != null && prepared.text().hasText();
    } finally {
      lock.unlock();
    }
  }

  /** Where it stands in the queue; null while it does not wait, or not yet. */
  @Nullable Place place() {
    lock.lock();
    try {
      return prepared == null && fallback == null ? place : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sources are known, or the place in the queue is another than {@code seen}.
   *
   * @return null when the sources are not known
   */
  @Nullable Prepared awaitPrepared(@Nullable Place seen, long timeoutNanos)
      throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (prepared == null
          && fallback == null
          && failure == null
          && Objects.equals(place, seen)
          && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (prepared == null && fallback == null && failure != null) {
        throw failure;
      }
      return fallback == null ? prepared : fallback;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for what comes instead of the text that has failed.
   *
   * @return null when the wait timed out
   * @throws ThrongException how the flight failed, when nothing does
   */
  @Nullable Prepared awaitFallback(long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (fallback == null && failure == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (fallback == null && failure != null) {
        throw failure;
      }
      return fallback;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
