package dev.throng.answer;

import dev.throng.answer.Inspection.Held;
import dev.throng.answer.Inspection.Reason;
import dev.throng.backend.Generator;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.TierStats;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.InvalidationTarget;
import dev.throng.catalog.LiveDocument;
import dev.throng.config.RetrievalConfig;
import dev.throng.core.AnswerOrigin;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retriever;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cache operations for operators: inspecting entries, and making answers unusable.
 *
 * <p>An invalidation is a publish without documents. It moves the collection's epoch, so that no
 * replica serves an entry before it has checked the documents again. It also changes the
 * fingerprints of the affected prompts, so that their answers are not found again, wherever they
 * are stored: docs/decisions/0022-invalidation.md.
 */
public final class CacheAdministration {
  /**
   * The effect of an invalidation.
   *
   * @param target what is unusable now; the whole collection when it had too many targets
   * @param collections the collections whose epoch moved
   * @param forgotten number of questions whose entry this process held
   */
  public record Invalidated(
      InvalidationTarget target, List<CollectionState> collections, int forgotten) {}

  private final Catalog catalog;
  private final PassageSearch passages;
  private final AnswerCache cache;
  private final AnswerService answers;
  private final QuestionKeys keys;
  private final Prompts prompts;
  private final AnswerabilityFloor floor;

  /**
   * Creates the operations.
   *
   * @param passages limits how many inspections search simultaneously, together with questions
   */
  public CacheAdministration(
      Catalog catalog,
      Retriever retriever,
      Generator generator,
      PassageSearch passages,
      AnswerCache cache,
      AnswerService answers,
      RetrievalConfig config) {
    this.catalog = catalog;
    this.passages = passages;
    this.cache = cache;
    this.answers = answers;
    this.keys = new QuestionKeys(generator, retriever.id());
    this.prompts = new Prompts(catalog, generator, keys, cache);
    this.floor = new AnswerabilityFloor(config);
  }

  /** Returns the tiers of the cache in lookup order. */
  public List<TierStats> stats() {
    return cache.stats();
  }

  /** Returns the number of questions in progress. */
  public int flightCount() {
    return answers.flightCount();
  }

  /**
   * Returns a document of a collection, as the target of an invalidation.
   *
   * @param document its uri or its id
   * @throws ThrongException INVALID_FIELD, UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public InvalidationTarget documentAt(CollectionRef ref, String document) {
    CollectionState state = catalog.state(ref);
    String id =
        state
            .documentAt(document)
            .or(() ->
                state.byUri().values().stream()
                    .filter(live -> live.id().equals(document))
                    .findAny())
            .map(LiveDocument::id)
            .orElseThrow(() ->
                ThrongException.invalidField(
                    "document",
                    "\"%.100s\"".formatted(document),
                    "the uri or the id of a document in the collection"));
    return new InvalidationTarget.Document(ref, id);
  }

  /**
   * Makes answers unusable. Returns when no replica serves one of them any more.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public Invalidated invalidate(InvalidationTarget target) {
    List<CollectionState> moved = catalog.invalidation().of(target);
    return switch (target) {
      case InvalidationTarget.All _ -> new Invalidated(target, moved, cache.forget(entry -> true));
      case InvalidationTarget.Collection _ -> forget(target, moved.getFirst(), entry -> true);
      case InvalidationTarget.Document document ->
          forget(
              target,
              moved.getFirst(),
              entry ->
                  entry.sources().stream()
                      .anyMatch(source -> source.passage().documentId().equals(document.id())));
      case InvalidationTarget.Question question ->
          forget(
              target,
              moved.getFirst(),
              entry -> entry.origin() != null && entry.origin().question().equals(question.text()));
    };
  }

  private Invalidated forget(
      InvalidationTarget target, CollectionState moved, Predicate<ValidatedAnswer> isMeant) {
    boolean isWhole = moved.invalidations().isWholeBefore(moved.epoch());
    int forgotten =
        cache.forget(entry -> {
          AnswerOrigin origin = entry.origin();
          return origin != null
              && origin.collection().equals(moved.ref())
              && entry.epoch() < moved.epoch()
              && (isWhole || isMeant.test(entry));
        });
    return new Invalidated(
        isWhole ? new InvalidationTarget.Collection(moved.ref()) : target,
        List.of(moved),
        forgotten);
  }

  /**
   * Returns what the cache would do with the question, and why, without generating anything.
   *
   * @throws ThrongException as the question's retrieval
   */
  public Inspection inspect(Question question) {
    CollectionState state = catalog.state(question.collection());
    QuestionKey key = keys.of(question);
    ValidatedAnswer here = cache.peekLocal(key);
    List<Held> tiers = new ArrayList<>();
    tiers.add(held("process", question, state, here));
    if (cache.isShared()) {
      tiers.add(held("redis", question, state, cache.peekShared(key).orElse(null)));
    }
    Optional<Fingerprint> fingerprint = fingerprint(question);
    return new Inspection(
        key,
        state.epoch(),
        List.copyOf(tiers),
        fingerprint.orElse(null),
        fingerprint.map(cache::isAnswered).orElse(false),
        here != null && DegradationLadder.mayBeStale(state, question, here));
  }

  private static Held held(
      String tier, Question question, CollectionState state, @Nullable ValidatedAnswer entry) {
    if (entry == null) {
      return new Held(tier, Reason.NO_ENTRY, null);
    }
    if (entry.epoch() == state.epoch()) {
      return new Held(tier, Reason.CURRENT, entry);
    }
    long countsFrom = state.invalidations().epochFor(question.textHash(), entry.sources());
    return new Held(
        tier, entry.epoch() < countsFrom ? Reason.INVALIDATED : Reason.OTHER_EPOCH, entry);
  }

  /**
   * Returns the fingerprint of the prompt that a flight would build now; empty when it would find
   * nothing to answer from.
   */
  private Optional<Fingerprint> fingerprint(Question question) {
    Retrieved retrieved = passages.forPrompt(question, question.admission());
    return floor.admits(question.text(), retrieved)
        ? Optional.of(prompts.fingerprint(question, prompts.assemble(question, retrieved)))
        : Optional.empty();
  }
}
