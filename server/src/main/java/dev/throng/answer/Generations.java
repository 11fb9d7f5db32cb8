package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Permit;
import dev.throng.answer.FlightState.Event;
import dev.throng.answer.FlightState.Prepared;
import dev.throng.backend.Generator;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Generator.TextSink;
import dev.throng.backend.Prompt;
import dev.throng.core.Answer;
import dev.throng.core.Fingerprint;
import dev.throng.core.Outcome;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.Words;
import dev.throng.flight.FlightEnd;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlight;
import dev.throng.flight.SharedFlights;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.RetrievalTimings;
import java.util.List;
import java.util.Optional;

/**
 * Generates answers from prompts, each once across all replicas. Run replica leads: it waits for a
 * permit and generates, and the others follow its text. When the leader disappears, another replica
 * continues from that point.
 */
final class Generations {
  private final Generator generator;
  private final Admission permits;
  private final SharedFlights flights;
  private final Words words;
  private final AnswerMetrics metrics;

  Generations(
      Generator generator,
      Admission permits,
      SharedFlights flights,
      Words words,
      AnswerMetrics metrics) {
    this.generator = generator;
    this.permits = permits;
    this.flights = flights;
    this.words = words;
    this.metrics = metrics;
  }

  /**
   * Returns the answer. The flight receives its text while it is generated.
   *
   * @param took the time for retrieving what it is made from
   */
  Answer make(Flight flight, Fingerprint fingerprint, FlightHead head, RetrievalTimings took)
      throws InterruptedException {
    try (SharedFlight shared = flights.join(fingerprint)) {
      return new Run(flight, head, shared, took).make();
    }
  }

  /** Like {@link #make}, for a client that has already received a part of the answer. */
  Answer resume(Flight flight, Fingerprint fingerprint, FlightHead head)
      throws InterruptedException {
    try (SharedFlight shared = flights.rejoin(fingerprint)) {
      return new Run(flight, head, shared, RetrievalTimings.NONE).make();
    }
  }

  /** Returns what the generation from this prompt is made from, if a replica has started it. */
  Optional<FlightHead> started(Fingerprint fingerprint) {
    return flights.head(fingerprint);
  }

  static FlightHead head(Flight flight, AssembledPrompt assembled, long epoch) {
    Question question = flight.question();
    Prompt prompt = assembled.prompt();
    return new FlightHead(
        flight.answerId(),
        question.collection(),
        epoch,
        prompt.system(),
        prompt.user(),
        prompt.question(),
        prompt.language(),
        question.limits(),
        assembled.sources());
  }

  private static List<Passage> passages(FlightHead head) {
    return head.sources().stream().map(Source::passage).toList();
  }

  private static Prompt prompt(FlightHead head) {
    return new Prompt(head.system(), head.user(), head.question(), passages(head), head.language());
  }

  /**
   * The generation of one answer for the listeners of a flight, with its citations checked. Used by
   * the flight's thread, and by one that generates while it waits.
   */
  private final class Run {
    private final Flight flight;
    private final FlightHead head;
    private final SharedFlight shared;
    private final RetrievalTimings took;
    private final GeneratedText text;
    private long queueNanos;

    Run(Flight flight, FlightHead head, SharedFlight shared, RetrievalTimings took) {
      this.flight = flight;
      this.head = head;
      this.shared = shared;
      this.took = took;
      this.text =
          new GeneratedText(flight, generator.isQuoting(), passages(head), words, head.language());
    }

    Answer make() throws InterruptedException {
      Optional<FlightEnd> end = Optional.empty();
      while (end.isEmpty()) {
        end = shared.lead(head, text) ? generate() : follow();
      }
      Answer answer = text.finish(generator.identity(), end.get());
      metrics.citations(answer.cited().size(), answer.removedCitations());
      flight.timings(
          Timings.of(
              took,
              queueNanos,
              Math.max(0, text.firstTokenNanos() - queueNanos),
              text.elapsedNanos() - queueNanos));
      return answer;
    }

    /** Generates, and returns empty when another replica has taken over. */
    private Optional<FlightEnd> generate() throws InterruptedException {
      if (!shared.text().isEmpty()) {
        return continueFrom(); // the previous leader's slot is free
      }
      long queuedAt = System.nanoTime();
      try (Permit _ =
          permits.admit(flight.admission(), place -> flight.on(new Event.Queued(place)))) {
        queueNanos += System.nanoTime() - queuedAt;
        return continueFrom();
      }
    }

    private Optional<FlightEnd> continueFrom() {
      prepare(Outcome.GENERATED);
      long start = System.nanoTime();
      try {
        Completion completion =
            generator.continueFrom(
                prompt(head), shared.text(), head.limits(), flight.question().deadline(), sink());
        metrics.generated(
            completion.finishReason(),
            queueNanos,
            Math.max(0, text.firstTokenNanos() - queueNanos),
            System.nanoTime() - start);
        FlightEnd end =
            new FlightEnd(completion.finishReason(), completion.tokens(), completion.seams());
        shared.finish(end);
        return Optional.of(end);
      } catch (SharedFlight.LeadershipLost e) {
        return Optional.empty();
      }
    }

    private TextSink sink() {
      return new TextSink() {
        @Override
        public void append(String piece) {
          shared.append(piece, text);
        }

        @Override
        public boolean isShown() {
          return flight.hasText(); // text that may become a citation is not shown yet
        }
      };
    }

    /** Follows the leader, and returns empty when there is none any more. */
    private Optional<FlightEnd> follow() throws InterruptedException {
      SharedFlight.Listener listener =
          new SharedFlight.Listener() {
            @Override
            public void named(String answerId) {
              text.named(answerId);
              prepare(Outcome.FOLLOWED);
            }

            @Override
            public void append(String piece) {
              text.append(piece);
            }
          };
      return shared.follow(listener, flight.question().deadline());
    }

    private void prepare(Outcome outcome) {
      if (!flight.hasText()) {
        flight.on(
            new Event.SourcesFound(
                new Prepared(
                    flight.answerId(), head.sources(), head.epoch(), flight.text(), outcome)));
      }
    }
  }
}
