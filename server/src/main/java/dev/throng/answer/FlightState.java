package dev.throng.answer;

import dev.throng.admission.Place;
import dev.throng.core.Fingerprint;
import dev.throng.core.Outcome;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import dev.throng.flight.SharedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a flight is. Immutable: {@link #after} is the only way from one state to the next.
 *
 * <pre>
 *   Working --sources found--> Answering --failed--> Failed
 *      ^  \                        |                   ^
 *      |   +----------failed-------|-------------------+
 *      +---------restarted---------+
 * </pre>
 *
 * <p>Once listeners have received text, its sources never change: the flight can only finish that
 * text or fail.
 *
 * @param text where this flight's own answer appears
 * @param prompt the prompt that the text comes from; null while none is chosen or when there is
 *     none
 * @param generation the generation that the text comes from; null while none is known
 */
record FlightState(
    SharedText text, @Nullable Fingerprint prompt, @Nullable String generation, Phase phase) {

  /** What listeners can expect. */
  sealed interface Phase {
    /**
     * Passages are searched, or a generation is waited for.
     *
     * @param place in the queue; null while the flight is in none
     */
    record Working(@Nullable Place place) implements Phase {}

    /** The sources are known, and the text appears. */
    record Answering(Prepared prepared) implements Phase {}

    /**
     * There will be no more text.
     *
     * @param prepared what was known before
     */
    record Failed(ThrongException cause, @Nullable Prepared prepared) implements Phase {}
  }

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

  /** What happens to a flight. */
  sealed interface Event {
    /** The flight waits for a permit, at this place. */
    record Queued(Place place) implements Event {}

    /** The passages have been assembled into a prompt. */
    record PromptChosen(Fingerprint prompt) implements Event {}

    /**
     * It is known which generation the text comes from: the flight's own, that of another replica,
     * or a finished one.
     */
    record GenerationNamed(String id) implements Event {}

    record SourcesFound(Prepared prepared) implements Event {}

    /** An event that ends the flight's own text. */
    sealed interface TextEnded extends Event {
      ThrongException cause();
    }

    /** The model refused the prompt; another one follows. */
    record Restarted(ThrongException cause) implements TextEnded {}

    /** A lesser answer takes the place of the one that failed. */
    record Degraded(Prepared prepared, ThrongException cause) implements TextEnded {}

    record Failed(ThrongException cause) implements TextEnded {}
  }

  static FlightState initial() {
    return new FlightState(new SharedText(), null, null, new Phase.Working(null));
  }

  /**
   * Returns the state after an event.
   *
   * @throws IllegalStateException when the event would replace text that was delivered
   */
  FlightState after(Event event) {
    return switch (event) {
      case Event.Queued(Place place) ->
          phase instanceof Phase.Working ? in(new Phase.Working(place)) : this;
      case Event.PromptChosen(Fingerprint chosen) ->
          new FlightState(text, chosen, generation, phase);
      case Event.GenerationNamed(String id) -> new FlightState(text, prompt, id, phase);
      case Event.SourcesFound(Prepared prepared) -> answering(prepared);
      case Event.Restarted _ -> {
        checkReplaceable();
        yield initial();
      }
      case Event.Degraded(Prepared prepared, ThrongException _) -> answering(prepared);
      case Event.Failed(ThrongException cause) -> in(new Phase.Failed(cause, prepared()));
    };
  }

  private FlightState answering(Prepared prepared) {
    checkReplaceable();
    return in(new Phase.Answering(prepared));
  }

  private FlightState in(Phase next) {
    return new FlightState(text, prompt, generation, next);
  }

  private void checkReplaceable() {
    if (phase instanceof Phase.Failed || hasText()) {
      throw new IllegalStateException("listeners have the text already, or its failure");
    }
  }

  /** Returns what is known of the answer, or null while nothing is. */
  @Nullable Prepared prepared() {
    return switch (phase) {
      case Phase.Working _ -> null;
      case Phase.Answering(Prepared prepared) -> prepared;
      case Phase.Failed(ThrongException _, Prepared prepared) -> prepared;
    };
  }

  @Nullable ThrongException failure() {
    return phase instanceof Phase.Failed failed ? failed.cause() : null;
  }

  /** Returns the place in the queue, or null while the flight is not waiting. */
  @Nullable Place place() {
    return phase instanceof Phase.Working working ? working.place() : null;
  }

  /** Returns whether listeners have received text. */
  boolean hasText() {
    Prepared known = prepared();
    return known != null && known.text().hasText();
  }
}
