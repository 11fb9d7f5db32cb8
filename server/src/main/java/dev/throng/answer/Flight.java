package dev.throng.answer;

import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.Place;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.MadeFrom;
import dev.throng.cache.SharedText;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The work on one question at one epoch, on a thread of its own. It does not belong to a client:
 * all clients with an equal question listen to it.
 */
final class Flight {
  /**
   * What is known once the prompt is assembled.
   *
   * @param answerId the generation that the text comes from
   * @param epoch the epoch of the documents that the sources come from
   * @param text where the answer appears: this flight's own text, or that of the flight it follows
   * @param outcome the outcome for the client that started this flight
   * @param degradation why the answer is a lesser one, if it is
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
  private final AdmissionRequest admission;
  private String answerId;
  private boolean isAnswerIdKnown;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Place place;
  private @Nullable Prepared prepared;
  private @Nullable Fingerprint fingerprint;
  private @Nullable ThrongException failure;
  private volatile SharedText text = new SharedText();
  private volatile Timings timings = Timings.NONE;
  private volatile @Nullable Thread thread;
  private volatile boolean isCancelled;
  private volatile @Nullable MadeFrom madeFrom;
  private volatile boolean isPurged;

  Flight(QuestionKey key, Question question, String answerId) {
    this.key = key;
    this.answerId = answerId;
    this.question = question;
    this.admission = question.admission();
  }

  QuestionKey key() {
    return key;
  }

  /** Returns the question of the client that started the flight. */
  Question question() {
    return question;
  }

  /** Returns the flight's request for permits. Its age counts from the start of the flight. */
  AdmissionRequest admission() {
    return admission;
  }

  /**
   * Returns the id of the generation that the text comes from, or this flight's own id while none
   * is known.
   */
  String answerId() {
    lock.lock();
    try {
      return answerId;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets the generation that the text comes from: the flight's own, that of another replica, or a
   * finished one.
   */
  void generates(String generation) {
    change(() -> {
      answerId = generation;
      isAnswerIdKnown = true;
    });
  }

  /** Waits until it is known which generation the text of this prompt comes from. */
  String awaitAnswerId(Fingerprint prompt) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isAnswerIdKnown
          && prepared == null
          && failure == null
          && prompt.equals(fingerprint)) {
        changed.await();
      }
      return prepared == null ? answerId : prepared.answerId();
    } finally {
      lock.unlock();
    }
  }

  SharedText text() {
    return text;
  }

  /** Sets the prompt that the text comes from. Must be called before others can follow it. */
  void generatesFrom(Fingerprint prompt) {
    change(() -> fingerprint = prompt);
  }

  /**
   * Returns the prompt that the text comes from, or null while none is known or when there is none.
   */
  @Nullable Fingerprint fingerprint() {
    lock.lock();
    try {
      return fingerprint;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the text that comes from this prompt.
   *
   * @throws ThrongException PROMPT_TOO_LONG when the flight has moved to a shorter prompt
   */
  SharedText textFrom(Fingerprint prompt) {
    lock.lock();
    try {
      if (!prompt.equals(fingerprint)) {
        throw new ThrongException(
            ErrorCode.PROMPT_TOO_LONG, "the model has just found this prompt too long");
      }
      return text;
    } finally {
      lock.unlock();
    }
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

  /** Sets what the prompt was made from. Must be called before checking whether that was purged. */
  void madeFrom(MadeFrom from) {
    madeFrom = from;
  }

  /** Returns what the prompt was made from, or null while there is none. */
  @Nullable MadeFrom madeFrom() {
    return madeFrom;
  }

  /**
   * Stops the work because something that it is made from was purged. The listeners get an error
   * with this reason.
   */
  void purge() {
    isPurged = true;
    cancel();
  }

  boolean isPurged() {
    return isPurged;
  }

  /** Passes every text that it holds now to {@code listener}. */
  void forEachText(Consumer<String> listener) {
    listener.accept(question.text());
    Prepared known = prepared();
    if (known != null) {
      known.sources().forEach(source -> AnswerCache.forEachText(source, listener));
      listener.accept(known.text().soFar());
    }
    listener.accept(text.soFar());
  }

  private @Nullable Prepared prepared() {
    lock.lock();
    try {
      return prepared;
    } finally {
      lock.unlock();
    }
  }

  /** Stops the work because there are no listeners left. */
  void cancel() {
    isCancelled = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** Sets the current place in the queue. */
  void queued(Place now) {
    change(() -> place = now);
  }

  void prepare(Prepared found) {
    change(() -> prepared = found);
  }

  /**
   * Discards what was prepared, because something else will be. Only possible before any text was
   * delivered.
   */
  void startAnew(ThrongException cause) {
    SharedText failed = text;
    change(() -> {
      prepared = null;
      fingerprint = null;
      text = new SharedText();
    });
    failed.fail(cause);
  }

  /**
   * Ends the flight with a lesser answer in place of the one that failed, and discards what was
   * prepared. Only possible before any text was delivered.
   */
  void degrade(Prepared found, ThrongException cause) {
    change(() -> prepared = found);
    text.fail(cause);
  }

  void fail(ThrongException cause) {
    change(() -> failure = cause);
    text.fail(cause);
  }

  /** Returns whether listeners have received text, which can no longer be replaced. */
  boolean hasText() {
    lock.lock();
    try {
      return prepared != null && prepared.text().hasText();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the place in the queue, or null while the flight is not waiting. */
  @Nullable Place place() {
    lock.lock();
    try {
      return prepared == null ? place : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the sources are known, or the place in the queue differs from {@code seen}.
   *
   * @return null when the sources are not known yet
   */
  @Nullable Prepared awaitPrepared(@Nullable Place seen, long timeoutNanos)
      throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (prepared == null && failure == null && Objects.equals(place, seen) && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (prepared == null && failure != null) {
        throw failure;
      }
      return prepared;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the replacement of a text that has failed.
   *
   * @return null when the wait timed out
   * @throws ThrongException the flight's failure, when there is no replacement
   */
  @Nullable Prepared awaitInsteadOf(SharedText failed, long timeoutNanos)
      throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (!isReplaced(failed) && failure == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (isReplaced(failed)) {
        return prepared;
      }
      if (failure != null) {
        throw failure;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private boolean isReplaced(SharedText failed) {
    return prepared != null && prepared.text() != failed;
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
