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

  /** The question of who started it. */
  Question question() {
    return question;
  }

  /** What it asks for when it has to wait: since it began. */
  AdmissionRequest admission() {
    return admission;
  }

  /** Names the generation that the text is from; this flight's own as long as none is known. */
  String answerId() {
    lock.lock();
    try {
      return answerId;
    } finally {
      lock.unlock();
    }
  }

  /** The text is from this generation: its own, that of another replica, or a finished one. */
  void generates(String generation) {
    change(() -> {
      answerId = generation;
      isAnswerIdKnown = true;
    });
  }

  /** Waits until it is known which generation the text from this prompt is from. */
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

  /** Names the prompt that the text comes from; before others may follow it. */
  void generatesFrom(Fingerprint prompt) {
    change(() -> fingerprint = prompt);
  }

  /** The prompt that the text comes from; null while none is known, or when there is none. */
  @Nullable Fingerprint fingerprint() {
    lock.lock();
    try {
      return fingerprint;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The text that comes from this prompt.
   *
   * @throws ThrongException PROMPT_TOO_LONG when the flight has gone on to a shorter one
   */
  SharedText textFrom(Fingerprint prompt) {
    lock.lock();
    try {
      if (!prompt.equals(fingerprint)) {
        throw new ThrongException(
            ErrorCode.PROMPT_TOO_LONG, "the model found this prompt too long just now");
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

  /** What its prompt was made from; to be said before it is looked whether that was purged. */
  void madeFrom(MadeFrom from) {
    madeFrom = from;
  }

  /** What its prompt was made from; null while there is none. */
  @Nullable MadeFrom madeFrom() {
    return madeFrom;
  }

  /** Stops the work: what it is made from was removed for good. Who listens is told so. */
  void purge() {
    isPurged = true;
    cancel();
  }

  boolean isPurged() {
    return isPurged;
  }

  /** Shows every text that it holds now. */
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
   * What was prepared before counts no more, and something else will be; possible only before any
   * text was delivered.
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
   * Ends with a lesser answer than the one that failed; possible only before any text was
   * delivered. What was prepared before counts no more.
   */
  void degrade(Prepared found, ThrongException cause) {
    change(() -> prepared = found);
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
      return prepared == null ? place : null;
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
   * Waits for what comes instead of a text that has failed.
   *
   * @return null when the wait timed out
   * @throws ThrongException how the flight failed, when nothing does
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
