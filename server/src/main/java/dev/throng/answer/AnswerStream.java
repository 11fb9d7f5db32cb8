package dev.throng.answer;

import dev.throng.admission.Place;
import dev.throng.answer.FlightState.Prepared;
import dev.throng.core.Answer;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Outcome;
import dev.throng.core.Source;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.SharedText;
import dev.throng.observe.AnswerMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer as one client receives it: first the sources, then the text as it is generated, then
 * the end. Used by one thread. Must be closed: closing ends the request with exactly one outcome,
 * and stops a generation that no other client follows.
 */
public final class AnswerStream implements AutoCloseable {
  /** What happened next. */
  public sealed interface Event {
    /**
     * The request waits for a generation.
     *
     * @param position from 1
     */
    record Queued(int position, Duration estimatedWait) implements Event {}

    /**
     * The passages that the answer may cite, sent before any text. A second one before any text
     * replaces the first: either another answer replaces one that failed, or the prompt was too
     * long for the model and now has fewer passages.
     */
    record Sources(String answerId, List<Source> sources) implements Event {}

    /** More text. All pieces joined are the answer's text. */
    record Text(TextPiece piece) implements Event {}

    /** Nothing happened for as long as the caller wanted to wait. */
    record Idle() implements Event {}

    /** The end of the answer. */
    record Done(
        ValidatedAnswer answer,
        boolean isCached,
        Timings timings,
        @Nullable Degradation degradation)
        implements Event {
      public Done(ValidatedAnswer answer, boolean isCached, Timings timings) {
        this(answer, isCached, timings, null);
      }
    }
  }

  private static final Event IDLE = new Event.Idle();

  /** Initial capacity for pieces. A hit needs none. */
  private static final int PIECES_AHEAD = 16;

  private final Question question;
  private final AnswerMetrics metrics;
  private final long startNanos = System.nanoTime();
  private final @Nullable ValidatedAnswer known;
  private final @Nullable Flight flight;
  private final boolean isLeader;
  private final Runnable leave;

  private @Nullable Place place;
  private @Nullable Prepared prepared;
  private boolean hasSources;
  private int piecesRead;
  private final Deque<TextPiece> unread;
  private @Nullable Answer finished;
  private @Nullable Outcome outcome;
  private boolean isClosed;

  private AnswerStream(
      Question question,
      AnswerMetrics metrics,
      @Nullable ValidatedAnswer known,
      @Nullable Flight flight,
      boolean isLeader,
      Runnable leave) {
    this.question = question;
    this.metrics = metrics;
    this.known = known;
    this.flight = flight;
    this.isLeader = isLeader;
    this.leave = leave;
    this.unread = new ArrayDeque<>(flight == null ? 0 : PIECES_AHEAD);
  }

  static AnswerStream hit(Question question, ValidatedAnswer known, AnswerMetrics metrics) {
    return new AnswerStream(question, metrics, known, null, false, () -> {});
  }

  static AnswerStream listening(
      Question question, Flight flight, boolean isLeader, AnswerMetrics metrics, Runnable leave) {
    return new AnswerStream(question, metrics, null, flight, isLeader, leave);
  }

  public Question question() {
    return question;
  }

  /**
   * Returns the prompt that the answer is generated from, or null when it is not known yet or there
   * is none.
   */
  @Nullable Fingerprint fingerprint() {
    return flight == null ? null : flight.fingerprint();
  }

  /** Returns the epoch of the documents that the answer is made from, or 0 while it is unknown. */
  long epoch() {
    return known != null ? known.epoch() : prepared == null ? 0 : prepared.epoch();
  }

  /** Returns the answer if a current one was in the cache, so that there is nothing to wait for. */
  public @Nullable ValidatedAnswer hit() {
    return known;
  }

  /** Records that the {@link #hit} was sent as a whole, without its events. */
  public void hitSent() {
    outcome = Outcome.HIT;
  }

  /**
   * Waits at most {@code patience} for the next event.
   *
   * @throws ThrongException when the request fails; DEADLINE_EXCEEDED at the question's deadline
   */
  public Event next(Duration patience) {
    try {
      return known != null ? nextKnown(known) : nextOfFlight(patience);
    } catch (ThrongException e) {
      outcome = e.code() == ErrorCode.OVERLOADED ? Outcome.SHED : Outcome.FAILED;
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = Outcome.CANCELLED;
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while waiting", e);
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    leave.run();
    long nanos = System.nanoTime() - startNanos;
    Answer answer = known != null ? known.answer() : finished;
    if (answer == null || outcome == null || !outcome.isAnswer()) {
      metrics.unanswered(outcome == null ? Outcome.CANCELLED : outcome, nanos);
    } else {
      Timings timings = flight == null ? Timings.NONE : flight.timings();
      long generationNanos = timings.queueNanos() + timings.generationNanos();
      metrics.answered(outcome, nanos, generationNanos, answer.tokens());
    }
  }

  private Event nextKnown(ValidatedAnswer answer) {
    if (!hasSources) {
      hasSources = true;
      return new Event.Sources(answer.answer().answerId(), answer.sources());
    }
    if (piecesRead == 0 && !answer.answer().text().isEmpty()) {
      piecesRead = 1;
      String text = answer.answer().text();
      return new Event.Text(new TextPiece(text, text.length()));
    }
    outcome = Outcome.HIT;
    return new Event.Done(answer, true, Timings.NONE);
  }

  private Event nextOfFlight(Duration patience) throws InterruptedException {
    Flight followed = flightOrThrow();
    long waitNanos = Math.min(patience.toNanos(), deadline().remainingNanos());
    Prepared known = prepared;
    if (known == null) {
      known = followed.awaitPrepared(place, waitNanos);
      return known == null ? queuedOrIdle(followed) : sources(known);
    }
    if (unread.isEmpty() && finished == null) {
      SharedText.Update update;
      try {
        update = known.text().awaitUpdate(piecesRead, waitNanos);
      } catch (ThrongException e) {
        if (piecesRead > 0) {
          throw e; // delivered text cannot be withdrawn
        }
        known = followed.awaitInsteadOf(known.text(), waitNanos);
        return known == null ? idle() : sources(known);
      }
      piecesRead += update.pieces().size();
      unread.addAll(update.pieces());
      finished = update.answer();
    }
    if (!unread.isEmpty()) {
      return new Event.Text(unread.remove());
    }
    return finished == null ? idle() : done(followed, known, finished);
  }

  private Event sources(Prepared known) {
    prepared = known;
    return new Event.Sources(known.answerId(), known.sources());
  }

  private Event queuedOrIdle(Flight followed) {
    Place now = followed.place();
    if (now == null || now.equals(place)) {
      return idle();
    }
    place = now;
    return new Event.Queued(now.position(), now.estimatedWait());
  }

  private Event done(Flight followed, Prepared known, Answer answer) {
    boolean isGenerated = known.outcome() == Outcome.GENERATED;
    outcome = isGenerated && !isLeader ? Outcome.FOLLOWED : known.outcome();
    boolean isCached = known.outcome() == Outcome.REVALIDATED;
    List<Source> sources = withCitations(known.sources(), answer);
    return new Event.Done(
        new ValidatedAnswer(answer, sources, known.epoch()),
        isCached,
        followed.timings(),
        known.degradation());
  }

  /** Returns the sources with those marked that the answer refers to. */
  static List<Source> withCitations(List<Source> sources, Answer answer) {
    return sources.stream()
        .map(source ->
            new Source(
                source.n(), source.passage(), answer.cited().getOrDefault(source.n(), List.of())))
        .toList();
  }

  private Event idle() {
    if (deadline().hasPassed()) {
      throw new ThrongException(
          ErrorCode.DEADLINE_EXCEEDED, "the answer was not ready before the deadline");
    }
    return IDLE;
  }

  private Deadline deadline() {
    return question.deadline();
  }

  private Flight flightOrThrow() {
    if (flight == null) {
      throw new IllegalStateException("neither a known answer nor a flight");
    }
    return flight;
  }
}
