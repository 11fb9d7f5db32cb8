package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Permit;
import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.QueueListener;
import dev.throng.backend.Generator;
import dev.throng.backend.Generator.Completion;
import dev.throng.cache.AnswerCache;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.config.Rung;
import dev.throng.core.Answer;
import dev.throng.core.ErrorCode;
import dev.throng.core.Passage;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.core.Words;
import dev.throng.observe.AnswerMetrics;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retriever;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a lesser answer when no generation is possible: the first configured rung that has one. It
 * calls no language model, and no embedding model where the store searches by words.
 */
final class DegradationLadder {
  private static final Logger log = LoggerFactory.getLogger(DegradationLadder.class);

  /**
   * Minimum word evidence for quoting, as {@link dev.throng.store.ChunkView#wordEvidence} measures
   * it. No cosine is known here, so the answerability floor does not apply. 95 % of the handbook's
   * questions reach this value, and 37 % of those about something else
   * (docs/decisions/0013-degradation.md).
   */
  private static final double MIN_WORD_EVIDENCE = 0.75;

  /** Under overload a lesser answer must come almost immediately, or not at all. */
  private static final Duration OVERLOADED_MAX_WAIT = Duration.ofMillis(50);

  /** A lesser answer, with the epoch of its sources. */
  record Degraded(ValidatedAnswer answer, Degradation degradation) {}

  private final List<Rung> rungs;
  private final AnswerCache cache;
  private final Catalog catalog;
  private final Retriever retriever;
  private final Generator quoting;
  private final Admission extracts;
  private final Words words;
  private final AnswerMetrics metrics;

  /**
   * Creates a ladder.
   *
   * @param extracts limits how many are made simultaneously
   */
  DegradationLadder(
      Fallback fallback,
      AnswerCache cache,
      Catalog catalog,
      Retriever retriever,
      Admission extracts,
      Words words,
      AnswerMetrics metrics) {
    this.rungs = fallback.rungs();
    this.cache = cache;
    this.catalog = catalog;
    this.retriever = retriever;
    this.quoting = fallback.quoting();
    this.extracts = extracts;
    this.words = words;
    this.metrics = metrics;
  }

  /** Returns whether a lesser answer can replace this failure. */
  static boolean helpsAfter(ThrongException failure) {
    return failure.code() == ErrorCode.OVERLOADED
        || failure.code() == ErrorCode.STORE_UNAVAILABLE
        || failure.code().kind().isBackendFailure();
  }

  /** Returns the lesser answer; empty when the question must be refused. */
  Optional<Degraded> walk(Flight flight, ErrorCode reason) {
    for (Rung rung : rungs) {
      Optional<ValidatedAnswer> found =
          switch (rung) {
            case STALE -> stale(flight);
            case EXTRACTIVE -> extractive(flight, reason);
            case SHED -> Optional.empty();
          };
      if (found.isPresent()) {
        count(rung, reason);
        return Optional.of(new Degraded(found.get(), new Degradation(rung, reason)));
      }
      if (rung == Rung.SHED) {
        break;
      }
    }
    count(Rung.SHED, reason);
    return Optional.empty();
  }

  /** Returns an earlier answer, only while every document that it came from may still be read. */
  private Optional<ValidatedAnswer> stale(Flight flight) {
    Question question = flight.question();
    CollectionState state = catalog.state(question.collection());
    return Optional.ofNullable(cache.latest(flight.key()))
        .filter(known -> mayBeStale(state, question, known))
        .map(known -> new ValidatedAnswer(known.answer(), known.sources(), known.epoch()));
  }

  /** Returns whether an answer from an earlier epoch may be used. */
  static boolean mayBeStale(CollectionState state, Question question, ValidatedAnswer known) {
    return known.answer().finishReason().isAnswer()
        && known.epoch() >= state.invalidations().epochFor(question.textHash(), known.sources())
        && known.sources().stream()
            .allMatch(source -> isReadable(state, question.filter(), source.passage()));
  }

  private static boolean isReadable(CollectionState state, DocumentFilter filter, Passage passage) {
    return state
        .documentAt(passage.uri())
        .filter(document -> document.id().equals(passage.documentId()))
        .filter(filter::admits)
        .isPresent();
  }

  private Optional<ValidatedAnswer> extractive(Flight flight, ErrorCode reason) {
    Question question = flight.question();
    AdmissionRequest request =
        reason == ErrorCode.OVERLOADED
            ? flight.admission().within(OVERLOADED_MAX_WAIT)
            : flight.admission();
    try (Permit _ = extracts.admit(request, QueueListener.NONE)) {
      Retrieved retrieved =
          retriever.retrieveCheaply(
              question.collection(),
              question.text(),
              question.topK(),
              question.filter(),
              question.deadline());
      boolean isFound =
          !retrieved.passages().isEmpty()
              && retrieved.relevance().wordEvidence() >= MIN_WORD_EVIDENCE;
      return isFound ? quote(flight, retrieved) : Optional.empty();
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
      log.debug("request {}: cannot quote: {}", question.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<ValidatedAnswer> quote(Flight flight, Retrieved retrieved) {
    Question question = flight.question();
    AssembledPrompt assembled =
        PromptAssembler.assemble(
            question.text(),
            retrieved.passages(),
            catalog.state(question.collection()).spec().language(),
            quoting.maxPromptTokens(question.limits().maxTokens()),
            quoting.tokenRates());
    StringBuilder raw = new StringBuilder();
    Completion completion =
        quoting.generate(assembled.prompt(), question.limits(), question.deadline(), raw::append);
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    List<Passage> passages = assembled.prompt().passages();
    CitationFilter citations = new CitationFilter(passages.size(), quoting.isQuoting());
    String text = citations.append(raw.toString()) + citations.finish();
    Answer answer =
        new Answer(
            flight.answerId(),
            text,
            quoting.identity().generator(),
            quoting.identity().model(),
            completion.finishReason(),
            CitedRanges.of(
                text, quoting.isQuoting(), passages, words, assembled.prompt().language()),
            citations.removed(),
            completion.tokens(),
            completion.seams());
    return Optional.of(new ValidatedAnswer(answer, assembled.sources(), retrieved.epoch()));
  }

  private void count(Rung rung, ErrorCode reason) {
    metrics.degraded(rung.name().toLowerCase(Locale.ROOT), reason.code());
  }
}
