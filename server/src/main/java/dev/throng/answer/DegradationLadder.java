package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Permit;
import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.QueueListener;
import dev.throng.backend.Generator;
import dev.throng.backend.Generator.Completion;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.ValidatedAnswer;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.config.Rung;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.ErrorCode;
import dev.throng.core.Passage;
import dev.throng.core.ThrongException;
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
 * What a question gets that cannot have a generation now: the first of the configured rungs that
 * holds. Costs no model, neither for text nor, where the store searches words, for vectors.
 */
final class DegradationLadder {
  private static final Logger log = LoggerFactory.getLogger(DegradationLadder.class);

  /**
   * Least word evidence to quote from, as {@link dev.throng.store.ChunkView#wordEvidence} counts
   * it; no cosine is known here, so the answerability floor does not apply. Of the handbook's
   * questions 95 % have as much, of those about something else 37 %
   * (docs/decisions/0013-degradation.md).
   */
  private static final double MIN_WORD_EVIDENCE = 0.75;

  /** Under overload a lesser answer comes at once, or none. */
  private static final Duration OVERLOADED_MAX_WAIT = Duration.ofMillis(50);

  /** A lesser answer, with the epoch that its sources are from. */
  record Degraded(ValidatedAnswer answer, Degradation degradation) {}

  private final List<Rung> rungs;
  private final AnswerCache cache;
  private final Catalog catalog;
  private final Retriever retriever;
  private final Generator quoting;
  private final Admission extracts;
  private final AnswerMetrics metrics;

  /**
   * @param quoting makes answers of quotations, by words alone
   * @param extracts bounds how many are made at once
   */
  DegradationLadder(
      List<Rung> rungs,
      AnswerCache cache,
      Catalog catalog,
      Retriever retriever,
      Generator quoting,
      Admission extracts,
      AnswerMetrics metrics) {
    this.rungs = rungs;
    this.cache = cache;
    this.catalog = catalog;
    this.retriever = retriever;
    this.quoting = quoting;
    this.extracts = extracts;
    this.metrics = metrics;
  }

  /** Whether a failure is one that a lesser answer can stand in for. */
  static boolean helpsAfter(ThrongException failure) {
    return failure.code() == ErrorCode.OVERLOADED
        || failure.code() == ErrorCode.STORE_UNAVAILABLE
        || failure.code().isBackendFailure();
  }

  /** Empty when the question is to be refused. */
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

  /** Only while every document that the answer came from may still be read. */
  private Optional<ValidatedAnswer> stale(Flight flight) {
    Question question = flight.question();
    CollectionState state = catalog.state(question.collection());
    return Optional.ofNullable(cache.latest(flight.key()))
        .filter(known -> mayBeStale(state, question, known))
        .map(known -> new ValidatedAnswer(known.answer(), known.sources(), known.epoch()));
  }

  /** Whether an answer from an earlier epoch may stand in for none. */
  static boolean mayBeStale(CollectionState state, Question question, ValidatedAnswer known) {
    return known.answer().finishReason() != FinishReason.UNANSWERABLE
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
      log.debug("request {}: no quotations: {}", question.id(), e.getMessage());
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
    CitationFilter citations = new CitationFilter(assembled.prompt().passages().size());
    String text = citations.feed(raw.toString()) + citations.finish();
    Answer answer =
        new Answer(
            flight.answerId(),
            text,
            quoting.identity().generator(),
            quoting.identity().model(),
            completion.finishReason(),
            citations.cited(),
            citations.removed(),
            completion.tokens(),
            completion.seams());
    return Optional.of(new ValidatedAnswer(answer, assembled.sources(), retrieved.epoch()));
  }

  private void count(Rung rung, ErrorCode reason) {
    metrics.degraded(rung.name().toLowerCase(Locale.ROOT), reason.code());
  }
}
