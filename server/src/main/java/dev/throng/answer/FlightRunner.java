package dev.throng.answer;

import dev.throng.admission.Admissions;
import dev.throng.answer.DegradationLadder.Degraded;
import dev.throng.answer.FlightState.Event;
import dev.throng.answer.FlightState.Prepared;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.Outcome;
import dev.throng.core.Source;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedText;
import dev.throng.flight.SingleFlight;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.RetrievalTimings;
import dev.throng.retrieval.Retrieved;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens once per flight, for all of its listeners: it retrieves passages, assembles the
 * prompt, and generates only if no answer to the same prompt exists. A flight that fails gets a
 * lesser answer from the {@link DegradationLadder} where that is possible.
 */
final class FlightRunner {
  private static final Logger log = LoggerFactory.getLogger(FlightRunner.class);

  private static final String UNANSWERABLE = "I don't know: the documents hold nothing about this.";

  /** How often a prompt is shortened when the model finds it longer than estimated. */
  private static final int MAX_SHORTENINGS = 2;

  private final Generator generator;
  private final Admissions admissions;
  private final PassageSearch passages;
  private final Generations generations;
  private final AnswerCache cache;
  private final SingleFlight<Flight> flights;
  private final Prompts prompts;
  private final AnswerabilityFloor floor;
  private final InstantSource clock;
  private final AnswerMetrics metrics;
  private final DegradationLadder ladder;

  /**
   * Creates the runner.
   *
   * @param flights the flights of this replica
   */
  FlightRunner(AnswerParts parts, QuestionKeys keys, SingleFlight<Flight> flights) {
    this.generator = parts.generator();
    this.admissions = parts.admissions();
    this.passages = new PassageSearch(parts.retriever(), admissions.retrievals(), parts.words());
    this.metrics = parts.metrics();
    this.generations =
        new Generations(
            generator, admissions.generations(), parts.shared(), parts.words(), metrics);
    this.cache = parts.cache();
    this.flights = flights;
    this.prompts = new Prompts(parts.catalog(), generator, keys, cache);
    this.floor = new AnswerabilityFloor(parts.retrieval());
    this.clock = parts.clock();
    this.ladder =
        new DegradationLadder(
            parts.fallback(),
            cache,
            parts.catalog(),
            parts.retriever(),
            admissions.extracts(),
            parts.words(),
            metrics);
  }

  /** Starts a flight, on a thread of its own. */
  void start(Flight flight) {
    flight.start(() -> runOrFail(flight, this::run));
  }

  /**
   * Starts a flight that continues a generation.
   *
   * @param started what is known of the generation; null when it is known to this replica only
   */
  void startResumed(Flight flight, Fingerprint fingerprint, @Nullable FlightHead started) {
    flight.start(() -> runOrFail(flight, same -> resume(same, fingerprint, started)));
  }

  /** Returns the head of a generation that a replica has started, if there is one. */
  Optional<FlightHead> started(Fingerprint fingerprint) {
    return generations.started(fingerprint);
  }

  /** Must be called when a listener leaves. The last one ends the flight. */
  void leave(Flight flight) {
    if (flights.leave(flight)) {
      flight.cancel();
    }
  }

  /** The work of a flight. */
  private interface FlightBody {
    void run(Flight flight) throws InterruptedException;
  }

  private void runOrFail(Flight flight, FlightBody body) {
    try {
      body.run(flight);
    } catch (ThrongException e) {
      degradeOrFail(flight, flight.isPurged() ? purged() : e);
    } catch (InterruptedException e) {
      ThrongException cancelled =
          new ThrongException(ErrorCode.SHUTTING_DOWN, "the flight was cancelled", e);
      flight.on(new Event.Failed(flight.isPurged() ? purged() : cancelled));
    } catch (RuntimeException | Error e) {
      log.error("request {}: unexpected failure", flight.question().id(), e);
      flight.on(new Event.Failed(new ThrongException(ErrorCode.INTERNAL, "unexpected failure", e)));
    } finally {
      flights.end(flight);
    }
  }

  /** Performs steps 7 and 8 of an answer that was already started. */
  private void resume(Flight flight, Fingerprint fingerprint, @Nullable FlightHead started)
      throws InterruptedException {
    flight.on(new Event.PromptChosen(fingerprint));
    Optional<Flight> other = flights.generateOrFollow(flight, fingerprint);
    if (other.isPresent()) {
      try {
        Prepared theirs = other.get().awaitPrepared(flight);
        flight.on(new Event.SourcesFound(theirs));
        theirs.text().awaitEnd();
      } finally {
        leave(other.get());
      }
      return;
    }
    FlightHead head = started != null ? started : generations.started(fingerprint).orElse(null);
    if (head == null) {
      run(flight); // it has just ended, so its answer is found as usual
      return;
    }
    MadeFrom from = MadeFrom.of(head.collection(), head.epoch(), head.sources());
    checkNotPurged(flight, from);
    Answer answer = generations.resume(flight, fingerprint, head);
    if (answer.isCacheable()) {
      keep(fingerprint, answer, from);
    }
    flight.text().finish(answer);
  }

  /** Performs steps 4 to 8, once per flight. */
  private void run(Flight flight) throws InterruptedException {
    Question question = flight.question();
    // 4 retrieve: find passages in the current documents
    Retrieved retrieved = retrieve(flight);
    if (!floor.admits(question.text(), retrieved)) {
      finishUnanswerable(flight, retrieved);
      return;
    }
    for (int refusals = 0; ; refusals++) {
      // 5 assemble: use as many passages as fit; only the model can tell exactly how many do
      AssembledPrompt prompt = prompts.assemble(question, retrieved);
      Fingerprint fingerprint = prompts.fingerprint(question, prompt);
      try {
        answerFrom(prompt, fingerprint, flight, retrieved);
        return;
      } catch (ThrongException e) {
        restartOrThrow(prompt, fingerprint, flight, refusals, e);
      }
    }
  }

  /** Performs steps 6 to 8, unless the same prompt has a finished answer or is being generated. */
  private void answerFrom(
      AssembledPrompt prompt, Fingerprint fingerprint, Flight flight, Retrieved retrieved)
      throws InterruptedException {
    MadeFrom from =
        MadeFrom.of(flight.question().collection(), retrieved.epoch(), prompt.sources());
    checkNotPurged(flight, from);
    flight.on(new Event.PromptChosen(fingerprint));
    Optional<Flight> other = flights.generateOrFollow(flight, fingerprint);
    if (other.isPresent()) {
      follow(flight, retrieved, prompt, fingerprint, other.get());
      return;
    }
    // Looked up after the claim, because the previous holder has stored its answer by now.
    Optional<Answer> finished = cache.generatedFrom(fingerprint, from);
    if (finished.isPresent()) {
      finishRevalidated(flight, retrieved, prompt, fingerprint, finished.get());
      return;
    }
    // 6 admit, 7 generate: in one replica; all listeners receive the text as it is generated
    FlightHead head = Generations.head(flight, prompt, retrieved.epoch());
    Answer answer = generations.make(flight, fingerprint, head, retrieved.timings());
    // 8 finish: keep the answer for all questions whose documents lead to the same prompt
    if (answer.isCacheable()) {
      keep(fingerprint, answer, from);
      validate(flight, retrieved, prompt.sources(), fingerprint, answer);
    }
    flight.text().finish(answer);
  }

  /** What is no answer is valid for one epoch only: other documents may answer. */
  private void keep(Fingerprint fingerprint, Answer answer, MadeFrom from) {
    if (answer.finishReason().isAnswer()) {
      cache.keep(fingerprint, answer, from);
    }
  }

  /**
   * Registers what the flight is made from, so that a later purge ends it, and fails if an earlier
   * purge has already removed some of it.
   */
  private void checkNotPurged(Flight flight, MadeFrom from) {
    flight.madeFrom(from);
    if (cache.isPurged(from)) {
      flight.purge();
      throw purged();
    }
  }

  private static ThrongException purged() {
    return new ThrongException(
        ErrorCode.STREAM_EXPIRED, "a document that the answer was made from was purged");
  }

  /** Waits for a retrieval permit and then retrieves. Work that would be refused is not started. */
  private Retrieved retrieve(Flight flight) {
    Question question = flight.question();
    question.deadline().check("passages could be retrieved");
    boolean mayStillBeTrue = cache.latest(flight.key()) != null; // then no generation is needed
    Retrieved retrieved =
        mayStillBeTrue
            ? passages.forPrompt(question, flight.admission())
            : passages.forGeneration(question, flight.admission(), admissions.generations());
    RetrievalTimings took = retrieved.timings();
    metrics.retrieved(took.embedNanos(), took.lexicalNanos(), took.denseNanos(), took.fuseNanos());
    return retrieved;
  }

  /**
   * Prepares the flight for a shorter prompt when the model finds this one too long. The refusal is
   * remembered, so that later questions go to the shorter prompt directly.
   */
  private void restartOrThrow(
      AssembledPrompt prompt,
      Fingerprint fingerprint,
      Flight flight,
      int refusals,
      ThrongException cause) {
    if (cause.code() != ErrorCode.PROMPT_TOO_LONG || flight.hasText()) {
      throw cause;
    }
    cache.noteTooLong(fingerprint);
    if (refusals == MAX_SHORTENINGS || prompt.sources().size() <= 1) {
      throw cause;
    }
    log.info(
        "request {}: {} passages are too long for the model, retrying with one fewer",
        flight.question().id(),
        prompt.sources().size());
    flight.on(new Event.Restarted(cause));
  }

  private void finishRevalidated(
      Flight flight,
      Retrieved retrieved,
      AssembledPrompt prompt,
      Fingerprint fingerprint,
      Answer answer) {
    flight.timings(Timings.of(retrieved.timings(), 0, 0, 0));
    flight.on(new Event.GenerationNamed(answer.answerId()));
    validate(flight, retrieved, prompt.sources(), fingerprint, answer);
    flight.text().append(new TextPiece(answer.text(), answer.text().length()));
    flight.text().finish(answer);
    flight.on(
        new Event.SourcesFound(
            new Prepared(
                answer.answerId(),
                prompt.sources(),
                retrieved.epoch(),
                flight.text(),
                Outcome.REVALIDATED)));
  }

  private void finishUnanswerable(Flight flight, Retrieved retrieved) {
    Answer answer =
        new Answer(
            flight.answerId(),
            UNANSWERABLE,
            generator.identity().generator(),
            generator.identity().model(),
            FinishReason.UNANSWERABLE,
            Map.of(),
            0,
            TokenCount.NONE,
            List.of());
    validate(flight, retrieved, List.of(), null, answer);
    flight.text().append(new TextPiece(answer.text(), answer.text().length()));
    flight.text().finish(answer);
    flight.on(
        new Event.SourcesFound(
            new Prepared(
                flight.answerId(),
                List.of(),
                retrieved.epoch(),
                flight.text(),
                Outcome.UNANSWERABLE)));
  }

  /** Uses the text of another question's flight, which has the same prompt. */
  private void follow(
      Flight flight,
      Retrieved retrieved,
      AssembledPrompt prompt,
      Fingerprint fingerprint,
      Flight generating)
      throws InterruptedException {
    try {
      SharedText text = generating.textFrom(fingerprint);
      String answerId = generating.awaitAnswerId(fingerprint);
      flight.on(
          new Event.SourcesFound(
              new Prepared(answerId, prompt.sources(), retrieved.epoch(), text, Outcome.FOLLOWED)));
      Answer answer = text.awaitEnd();
      if (answer.isCacheable()) {
        validate(flight, retrieved, prompt.sources(), fingerprint, answer);
      }
    } finally {
      leave(generating);
    }
  }

  /**
   * Records that the question leads to this answer at the epoch that was read, unless the epoch has
   * moved since.
   */
  private void validate(
      Flight flight,
      Retrieved retrieved,
      List<Source> sources,
      @Nullable Fingerprint fingerprint,
      Answer answer) {
    if (retrieved.isCurrent()) {
      Question question = flight.question();
      @Nullable Fingerprint made = answer.finishReason().isAnswer() ? fingerprint : null;
      AnswerOrigin origin =
          new AnswerOrigin(question.collection(), question.textHash(), made, clock.instant());
      List<Source> marked = AnswerStream.withCitations(sources, answer);
      cache.validate(flight.key(), new ValidatedAnswer(answer, marked, retrieved.epoch(), origin));
    }
  }

  /**
   * Replaces the failure by a lesser answer, unless part of the full answer was already delivered.
   */
  private void degradeOrFail(Flight flight, ThrongException cause) {
    Optional<Degraded> degraded =
        DegradationLadder.helpsAfter(cause) && !flight.hasText()
            ? ladder.walk(flight, cause.code())
            : Optional.empty();
    if (degraded.isEmpty()) {
      flight.on(new Event.Failed(cause));
      return;
    }
    ValidatedAnswer found = degraded.get().answer();
    SharedText text = new SharedText();
    text.append(new TextPiece(found.answer().text(), found.answer().text().length()));
    text.finish(found.answer());
    flight.on(
        new Event.Degraded(
            new Prepared(
                found.answer().answerId(),
                found.sources(),
                found.epoch(),
                text,
                Outcome.DEGRADED,
                degraded.get().degradation()),
            cause));
  }
}
