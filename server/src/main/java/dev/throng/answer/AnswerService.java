package dev.throng.answer;

import dev.throng.cache.AnswerCache;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.core.Fingerprint;
import dev.throng.core.Ids;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.flight.FlightHead;
import dev.throng.flight.SharedFlights;
import dev.throng.flight.SingleFlight;
import dev.throng.flight.SingleFlight.Joined;
import dev.throng.observe.AnswerMetrics;
import java.util.List;
import java.util.function.Consumer;

/**
 * The main path: from a question to a cited answer.
 *
 * <p>{@link #answer} does what every request needs: it accepts the question, looks it up in the
 * cache, and joins the flight of equal requests. {@link FlightRunner} runs that flight, once for
 * all of its listeners.
 */
public final class AnswerService {
  private final Catalog catalog;
  private final AnswerCache cache;
  private final SingleFlight<Flight> flights = new SingleFlight<>();
  private final QuestionKeys keys;
  private final Ids ids;
  private final AnswerMetrics metrics;
  private final SharedFlights shared;
  private final FlightRunner runner;

  public AnswerService(AnswerParts parts) {
    this.catalog = parts.catalog();
    this.cache = parts.cache();
    this.keys = new QuestionKeys(parts.generator(), parts.retriever().id());
    this.ids = parts.ids();
    this.metrics = parts.metrics();
    this.shared = parts.shared();
    this.runner = new FlightRunner(parts, keys, flights);
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
      runner.start(joined.flight());
    }
    return AnswerStream.listening(
        question, joined.flight(), joined.isLeader(), metrics, () -> runner.leave(joined.flight()));
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
    FlightHead started = runner.started(fingerprint).orElse(null);
    if (started == null && !flights.isGenerating(fingerprint)) {
      return answer(question);
    }
    QuestionKey key = QuestionKeys.resumed(fingerprint);
    Joined<Flight> joined = flights.join(key, 0, () -> new Flight(key, question, ids.next()));
    if (joined.isLeader()) {
      runner.startResumed(joined.flight(), fingerprint, started);
    }
    return AnswerStream.listening(
        question, joined.flight(), joined.isLeader(), metrics, () -> runner.leave(joined.flight()));
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
    shared.dropPurged();
    return ended;
  }

  /**
   * Passes every text to {@code listener} of the flights that are under way, and of the generations
   * that can still be continued.
   *
   * @return the number of both
   */
  long forEachText(Consumer<String> listener) {
    List<Flight> all = flights.all();
    all.forEach(flight -> flight.forEachText(listener));
    return all.size() + shared.forEachText(listener);
  }

  /** Returns the number of clients that share the flight of another one, for a gauge. */
  public int followerCount() {
    return flights.followers();
  }

  /** Returns the number of flights under way, for a gauge. */
  public int flightCount() {
    return flights.size();
  }
}
