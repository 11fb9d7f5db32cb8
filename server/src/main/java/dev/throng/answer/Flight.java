package dev.throng.answer;

import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.Place;
import dev.throng.answer.FlightState.Event;
import dev.throng.answer.FlightState.Prepared;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.Monitor;
import dev.throng.core.QuestionKey;
import dev.throng.core.ThrongException;
import dev.throng.flight.SharedText;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The work on one question at one epoch, on a thread of its own. It does not belong to a client:
 * all clients with an equal question listen to it.
 */
final class Flight {
  private final QuestionKey key;
  private final Question question;
  private final AdmissionRequest admission;
  private final String ownId;
  private final Monitor monitor = new Monitor();
  private volatile FlightState state = FlightState.initial();
  private volatile Timings timings = Timings.NONE;
  private volatile @Nullable Thread thread;
  private volatile boolean isCancelled;
  private volatile @Nullable MadeFrom madeFrom;
  private volatile boolean isPurged;

  /**
   * Creates a flight.
   *
   * @param id the id of its generation, unless its text comes from another one
   */
  Flight(QuestionKey key, Question question, String id) {
    this.key = key;
    this.ownId = id;
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
    return answerId(state);
  }

  private String answerId(FlightState state) {
    String generation = state.generation();
    return generation == null ? ownId : generation;
  }

  /** Waits until it is known which generation the text of this prompt comes from. */
  String awaitAnswerId(Fingerprint prompt) throws InterruptedException {
    FlightState known =
        await(
            now ->
                now.generation() != null
                    || now.prepared() != null
                    || now.failure() != null
                    || !prompt.equals(now.prompt()),
            Long.MAX_VALUE);
    Prepared prepared = known.prepared();
    return prepared == null ? answerId(known) : prepared.answerId();
  }

  SharedText text() {
    return state.text();
  }

  /**
   * Returns the prompt that the text comes from, or null while none is known or when there is none.
   */
  @Nullable Fingerprint fingerprint() {
    return state.prompt();
  }

  /**
   * Returns the text that comes from this prompt.
   *
   * @throws ThrongException PROMPT_TOO_LONG when the flight has moved to a shorter prompt
   */
  SharedText textFrom(Fingerprint prompt) {
    FlightState now = state;
    if (!prompt.equals(now.prompt())) {
      throw new ThrongException(
          ErrorCode.PROMPT_TOO_LONG, "the model has just found this prompt too long");
    }
    return now.text();
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
    FlightState now = state;
    Prepared known = now.prepared();
    if (known != null) {
      known.sources().forEach(source -> source.passage().forEachText(listener));
      listener.accept(known.text().soFar());
    }
    listener.accept(now.text().soFar());
  }

  /** Stops the work because there are no listeners left. */
  void cancel() {
    isCancelled = true;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /**
   * Changes the state, wakes all who wait for that, and ends the flight's own text if the event
   * says so.
   */
  void on(Event event) {
    FlightState before =
        monitor.update(() -> {
          FlightState now = state;
          state = now.after(event);
          return now;
        });
    if (event instanceof Event.TextEnded ended) {
      before.text().fail(ended.cause());
    }
  }

  /** Returns whether listeners have received text, which can no longer be replaced. */
  boolean hasText() {
    return state.hasText();
  }

  /** Returns the place in the queue, or null while the flight is not waiting. */
  @Nullable Place place() {
    return state.place();
  }

  /**
   * Waits until the sources are known, or the place in the queue differs from {@code seen}.
   *
   * @return null when the sources are not known yet
   * @throws ThrongException the flight's failure
   */
  @Nullable Prepared awaitPrepared(@Nullable Place seen, long timeoutNanos)
      throws InterruptedException {
    FlightState known =
        await(
            now ->
                now.prepared() != null
                    || now.failure() != null
                    || !Objects.equals(now.place(), seen),
            timeoutNanos);
    if (known.prepared() == null) {
      throwFailure(known);
    }
    return known.prepared();
  }

  /**
   * Waits until the sources are known, on behalf of a flight that follows this one. In the
   * meantime, the follower's listeners see the place of this flight in the queue.
   */
  Prepared awaitPrepared(Flight follower) throws InterruptedException {
    Place seen = null;
    while (true) {
      Prepared prepared = awaitPrepared(seen, Long.MAX_VALUE);
      if (prepared != null) {
        return prepared;
      }
      seen = place();
      if (seen != null) {
        follower.on(new Event.Queued(seen));
      }
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
    FlightState known =
        await(now -> isReplaced(now, failed) || now.failure() != null, timeoutNanos);
    if (isReplaced(known, failed)) {
      return known.prepared();
    }
    throwFailure(known);
    return null;
  }

  private static boolean isReplaced(FlightState state, SharedText failed) {
    Prepared prepared = state.prepared();
    return prepared != null && prepared.text() != failed;
  }

  private static void throwFailure(FlightState state) {
    ThrongException failure = state.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits for a state, and returns the one at the end of the wait. */
  private FlightState await(Predicate<FlightState> isWanted, long timeoutNanos)
      throws InterruptedException {
    return monitor.await(() -> isWanted.test(state), timeoutNanos, () -> state);
  }
}
