package dev.throng.answer;

import dev.throng.admission.Admissions;
import dev.throng.admission.Place;
import dev.throng.answer.DegradationLadder.Degraded;
import dev.throng.answer.Flight.Prepared;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.FlightHead;
import dev.throng.cache.MadeFrom;
import dev.throng.cache.Origin;
import dev.throng.cache.SharedFlights;
import dev.throng.cache.SharedText;
import dev.throng.cache.SharedText.Piece;
import dev.throng.cache.SingleFlight;
import dev.throng.cache.SingleFlight.Joined;
import dev.throng.cache.ValidatedAnswer;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.config.RetrievalConfig;
import dev.throng.config.Rung;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.Fingerprint;
import dev.throng.core.Ids;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.Source;
import dev.throng.core.ThrongException;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.RetrievalTimings;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retriever;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main path: from a question to a cited answer.
 *
 * <p>{@link #answer} does what every request needs: it accepts the question, looks it up in the
 * cache, and joins the flight of equal requests. {@link #run} is that flight, executed once for all
 * of its listeners: it retrieves, assembles the prompt, and generates only if no answer to the same
 * prompt exists.
 */
public final class AnswerService {
  private static final Logger log = LoggerFactory.getLogger(AnswerService.class);

  private static final String UNANSWERABLE = "I don't know: the documents hold nothing about this.";

  /** How often a prompt is shortened when the model finds it longer than estimated. */
  private static final int MAX_SHORTENINGS = 2;

  private final Catalog catalog;
  private final Generator generator;
  private final Admissions admissions;
  private final PassageSearch passages;
  private final Generations generations;
  private final AnswerCache cache;
  private final SingleFlight<Flight> flights = new SingleFlight<>();
  private final QuestionKeys keys;
  private final Prompts prompts;
  private final AnswerabilityFloor floor;
  private final Ids ids;
  private final InstantSource clock;
  private final AnswerMetrics metrics;
  private final DegradationLadder ladder;

  /**
   * Creates the service.
   *
   * @param shared the flights of all replicas
   * @param ladder what a request gets when no generation is possible
   * @param quoting generates answers from quotations for the ladder, found by words only
   */
  public AnswerService(
      Catalog catalog,
      Retriever retriever,
      Generator generator,
      Admissions admissions,
      AnswerCache cache,
      SharedFlights shared,
      RetrievalConfig config,
      List<Rung> ladder,
      Generator quoting,
      Ids ids,
      InstantSource clock,
      AnswerMetrics metrics) {
    this.catalog = catalog;
    this.generator = generator;
    this.admissions = admissions;
    this.passages = new PassageSearch(retriever, admissions.retrievals());
    this.generations = new Generations(generator, admissions.generations(), shared, metrics);
    this.cache = cache;
    this.keys = new QuestionKeys(generator, retriever.id());
    this.prompts = new Prompts(catalog, generator, keys, cache);
    this.floor = new AnswerabilityFloor(config);
    this.ids = ids;
    this.clock = clock;
    this.metrics = metrics;
    this.ladder =
        new DegradationLadder(
            ladder, cache, catalog, retriever, quoting, admissions.extracts(), metrics);
  }

  /**
   * Answers a question. Returns immediately. The stream waits for the text and must be closed.
   *
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  public AnswerStream answer(Question question) {
    // 1 accept: determine the question's key, and the epoch at which the answer must be valid
    CollectionState state = catalog.published(question.collection());
    QuestionKey key = keys.of(question);
    // 2 look up: serve an answer that was validated at this epoch unchanged
    ValidatedAnswer known = cache.current(key, state.epoch());
    metrics.lookedUp(known != null);
    if (known != null) {
      return AnswerStream.hit(question, known, metrics);
    }
    // 3 join: equal questions at the same epoch share one flight
    Joined<Flight> joined =
        flights.join(key, state.epoch(), () -> new Flight(key, question, ids.next()));
    if (joined.isLeader()) {
      joined.flight().start(() -> runOrFail(joined.flight(), this::run));
    }
    return AnswerStream.listening(
        question, joined.flight(), joined.isLeader(), metrics, () -> leave(joined.flight()));
  }

  /**
   * Continues the answer to a question whose stream was cut off, on any replica.
   *
   * @param fingerprint the prompt that the answer was generated from
   * @param epoch the epoch of the documents that the answer was made from
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  AnswerStream resume(Question question, Fingerprint fingerprint, long epoch) {
    if (catalog.state(question.collection()).invalidations().newest() > epoch) {
      return answer(question); // the earlier answer may have been invalidated
    }
    Optional<FlightHead> started = generations.begun(fingerprint);
    if (started.isEmpty() && !flights.isGenerating(fingerprint)) {
      return answer(question);
    }
    QuestionKey key = QuestionKeys.resumed(fingerprint);
    Joined<Flight> joined = flights.join(key, 0, () -> new Flight(key, question, ids.next()));
    if (joined.isLeader()) {
      joined
          .flight()
          .start(() -> runOrFail(joined.flight(), flight -> resume(flight, fingerprint, started)));
    }
    return AnswerStream.listening(
        question, joined.flight(), joined.isLeader(), metrics, () -> leave(joined.flight()));
  }

  /** Performs steps 7 and 8 of an answer that was already started. */
  private void resume(Flight flight, Fingerprint fingerprint, Optional<FlightHead> started)
      throws InterruptedException {
    flight.generatesFrom(fingerprint);
    Optional<Flight> other = flights.generateOrFollow(flight, fingerprint);
    if (other.isPresent()) {
      try {
        Prepared theirs = awaitPrepared(other.get(), flight);
        flight.prepare(theirs);
        awaitEnd(theirs.text());
      } finally {
        leave(other.get());
      }
      return;
    }
    Optional<FlightHead> known = started.or(() -> generations.begun(fingerprint));
    if (known.isEmpty()) {
      run(flight); // it has just ended, so its answer is found as usual
      return;
    }
    FlightHead head = known.get();
    MadeFrom from = MadeFrom.of(head.collection(), head.epoch(), head.sources());
    checkNotPurged(flight, from);
    Answer answer = generations.make(flight, fingerprint, head, RetrievalTimings.NONE);
    if (answer.isCacheable()) {
      cache.keep(fingerprint, answer, from);
    }
    flight.text().finish(answer);
  }

  /** Performs steps 4 to 8, once per flight. */
  private void run(Flight flight) throws InterruptedException {
    Question question = flight.question();
    // 4 retrieve: find passages in the current documents
    Retrieved retrieved = retrieve(flight);
    if (!floor.admits(retrieved)) {
      finishUnanswerable(flight, retrieved);
      return;
    }
    for (int refusals = 0; ; refusals++) {
      // 5 assemble: use as many passages as fit; only the model knows exactly how many
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
    flight.generatesFrom(fingerprint);
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
      cache.keep(fingerprint, answer, from);
      validate(flight, retrieved, prompt.sources(), fingerprint, answer);
    }
    flight.text().finish(answer);
  }

  /**
   * Registers what the flight is made from, for later purges, and fails if it is already purged.
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
    flight.startAnew(cause);
  }

  private void finishRevalidated(
      Flight flight,
      Retrieved retrieved,
      AssembledPrompt prompt,
      Fingerprint fingerprint,
      Answer answer) {
    flight.timings(Timings.of(retrieved.timings(), 0, 0, 0));
    flight.generates(answer.answerId());
    validate(flight, retrieved, prompt.sources(), fingerprint, answer);
    flight.text().append(new Piece(answer.text(), answer.text().length()));
    flight.text().finish(answer);
    flight.prepare(
        new Prepared(
            answer.answerId(),
            prompt.sources(),
            retrieved.epoch(),
            flight.text(),
            Outcome.REVALIDATED));
  }

  private void finishUnanswerable(Flight flight, Retrieved retrieved) {
    Answer answer =
        new Answer(
            flight.answerId(),
            UNANSWERABLE,
            generator.identity().generator(),
            generator.identity().model(),
            FinishReason.UNANSWERABLE,
            Set.of(),
            0,
            0,
            List.of());
    validate(flight, retrieved, List.of(), null, answer);
    flight.text().append(new Piece(answer.text(), answer.text().length()));
    flight.text().finish(answer);
    flight.prepare(
        new Prepared(
            flight.answerId(), List.of(), retrieved.epoch(), flight.text(), Outcome.UNANSWERABLE));
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
      flight.prepare(
          new Prepared(answerId, prompt.sources(), retrieved.epoch(), text, Outcome.FOLLOWED));
      Answer answer = awaitEnd(text);
      if (answer.isCacheable()) {
        validate(flight, retrieved, prompt.sources(), fingerprint, answer);
      }
    } finally {
      leave(generating);
    }
  }

  /**
   * Waits for the other flight's sources. In the meantime, the listeners of the following flight
   * see the place in the queue of the other one.
   */
  private static Prepared awaitPrepared(Flight followed, Flight follower)
      throws InterruptedException {
    Place place = null;
    while (true) {
      Prepared prepared = followed.awaitPrepared(place, Long.MAX_VALUE);
      if (prepared != null) {
        return prepared;
      }
      place = followed.place();
      if (place != null) {
        follower.queued(place);
      }
    }
  }

  private static Answer awaitEnd(SharedText text) throws InterruptedException {
    int read = 0;
    while (true) {
      SharedText.Update update = text.awaitUpdate(read, Long.MAX_VALUE);
      read += update.pieces().size();
      if (update.answer() != null) {
        return update.answer();
      }
    }
  }

  /** Records this answer to the question, unless the epoch has moved since it was read. */
  private void validate(
      Flight flight,
      Retrieved retrieved,
      List<Source> sources,
      @Nullable Fingerprint fingerprint,
      Answer answer) {
    if (retrieved.isCurrent()) {
      Question question = flight.question();
      Origin origin =
          new Origin(question.collection(), question.textHash(), fingerprint, clock.instant());
      List<Source> marked = AnswerStream.withCitations(sources, answer);
      cache.validate(flight.key(), new ValidatedAnswer(answer, marked, retrieved.epoch(), origin));
    }
  }

  private void runOrFail(Flight flight, FlightBody body) {
    try {
      body.run(flight);
    } catch (ThrongException e) {
      degradeOrFail(flight, flight.isPurged() ? purged() : e);
    } catch (InterruptedException e) {
      flight.fail(
          flight.isPurged()
              ? purged()
              : new ThrongException(ErrorCode.SHUTTING_DOWN, "the flight was cancelled", e));
    } catch (RuntimeException | Error e) {
      log.error("request {}: unexpected failure", flight.question().id(), e);
      flight.fail(new ThrongException(ErrorCode.INTERNAL, "unexpected failure", e));
    } finally {
      flights.end(flight);
    }
  }

  /** Replaces the failure by a lesser answer, unless full text was already delivered. */
  private void degradeOrFail(Flight flight, ThrongException cause) {
    Optional<Degraded> degraded =
        DegradationLadder.helpsAfter(cause) && !flight.hasText()
            ? ladder.walk(flight, cause.code())
            : Optional.empty();
    if (degraded.isEmpty()) {
      flight.fail(cause);
      return;
    }
    ValidatedAnswer found = degraded.get().answer();
    SharedText text = new SharedText();
    text.append(new Piece(found.answer().text(), found.answer().text().length()));
    text.finish(found.answer());
    flight.degrade(
        new Prepared(
            found.answer().answerId(),
            found.sources(),
            found.epoch(),
            text,
            Outcome.DEGRADED,
            degraded.get().degradation()),
        cause);
  }

  /** The work of a flight. */
  private interface FlightBody {
    void run(Flight flight) throws InterruptedException;
  }

  private void leave(Flight flight) {
    if (flights.leave(flight)) {
      flight.cancel();
    }
  }

  /**
   * Ends the flights whose prompt contains a version that is no longer live, according to the
   * purges the cache knows.
   *
   * @return the number of ended flights
   */
  int endPurged() {
    int ended = 0;
    for (Flight flight : flights.all()) {
      MadeFrom from = flight.madeFrom();
      if (from != null && cache.isPurged(from)) {
        flight.purge();
        flights.end(flight);
        ended++;
      }
    }
    return ended;
  }

  /**
   * Passes every text of the flights that are under way to {@code listener}.
   *
   * @return the number of flights
   */
  int forEachText(Consumer<String> listener) {
    List<Flight> all = flights.all();
    all.forEach(flight -> flight.forEachText(listener));
    return all.size();
  }

  /** Returns the number of flights under way, for a gauge. */
  public int flightCount() {
    return flights.size();
  }
}
