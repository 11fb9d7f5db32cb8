package dev.throng.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.throng.config.CacheConfig;
import dev.throng.core.Answer;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.MadeFrom;
import dev.throng.core.QuestionKey;
import dev.throng.core.Ticker;
import dev.throng.core.ValidatedAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finished answers in this process and, where replicas share a tier, in that tier. There are two
 * maps: a question leads to an answer as of some epoch, and a prompt's fingerprint leads to the
 * answer that was generated from it. A question may be served from the first map only at its epoch.
 * At a later epoch the caller builds the prompt again and looks it up in the second map.
 */
public final class AnswerCache {
  /**
   * The share of the memory for questions. Their sources and wire form are larger than the answers.
   */
  private static final double QUESTIONS_SHARE = 0.8;

  private static final int ANSWER_OVERHEAD_BYTES = 512;

  /** Approximate memory for finding an answer by one of the versions it was made from. */
  private static final int VERSION_BYTES = 150;

  /** Maximum number of prompts remembered as too long, about 100 bytes each. */
  private static final int MAX_TOO_LONG = 10_000;

  /**
   * Entries expire because an operator may give the model a larger context, or the backend's
   * response may have been wrong.
   */
  private static final Duration TOO_LONG_EXPIRY = Duration.ofMinutes(15);

  private final @Nullable SharedTier shared;
  private final Cache<QuestionKey, ValidatedAnswer> questions;
  private final Cache<Fingerprint, Kept> answers;
  private final Cache<Fingerprint, Boolean> tooLong;
  private final VersionIndex<QuestionKey> questionsByVersion = new VersionIndex<>();
  private final VersionIndex<Fingerprint> answersByVersion = new VersionIndex<>();
  private final ConcurrentMap<CollectionRef, Purged> purges = new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();

  /** A value that is compared by identity, not by content. */
  private record Kept(Answer answer, MadeFrom from) {}

  /**
   * The state of a collection after a purge.
   *
   * @param epoch what was read at this epoch or later was live after the purge
   */
  private record Purged(long epoch, LongPredicate isLive) {}

  /** Creates a cache in this process only. */
  public AnswerCache(CacheConfig config, Ticker ticker) {
    this(config, ticker, null);
  }

  /**
   * Creates a cache.
   *
   * @param shared looked up when this process has no entry, and updated with new entries; null for
   *     none
   */
  public AnswerCache(CacheConfig config, Ticker ticker, @Nullable SharedTier shared) {
    this.shared = shared;
    this.questions =
        Caffeine.newBuilder()
            .maximumWeight((long) (config.maxBytes() * QUESTIONS_SHARE))
            .weigher((QuestionKey key, ValidatedAnswer value) -> value.weightBytes())
            .expireAfterAccess(config.idleTimeout())
            .evictionListener((key, value, cause) -> evictions.increment())
            .removalListener(this::onQuestionRemoved)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight((long) (config.maxBytes() * (1 - QUESTIONS_SHARE)))
            .weigher((Fingerprint key, Kept value) ->
                ANSWER_OVERHEAD_BYTES
                    + VERSION_BYTES * value.from().versions().size()
                    + 2 * value.answer().text().length())
            .removalListener(this::onAnswerRemoved)
            .expireAfterAccess(config.idleTimeout())
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    this.tooLong =
        Caffeine.newBuilder()
            .maximumSize(MAX_TOO_LONG)
            .expireAfterWrite(TOO_LONG_EXPIRY)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  private void onQuestionRemoved(
      @Nullable QuestionKey key, @Nullable ValidatedAnswer value, RemovalCause cause) {
    if (key != null && value != null) {
      value.madeFrom().ifPresent(from -> questionsByVersion.remove(key, from));
    }
  }

  private void onAnswerRemoved(
      @Nullable Fingerprint key, @Nullable Kept value, RemovalCause cause) {
    if (key != null && value != null) {
      answersByVersion.remove(key, value.from());
    }
  }

  /** Returns the answer to serve unchanged, or null when none was validated at {@code epoch}. */
  public @Nullable ValidatedAnswer current(QuestionKey key, long epoch) {
    ValidatedAnswer known = questions.getIfPresent(key);
    if (known != null && known.epoch() == epoch) {
      hits.increment();
      return known;
    }
    misses.increment();
    if (shared == null) {
      return null;
    }
    // Another replica may have answered the question or revalidated its answer.
    ValidatedAnswer found = shared.latest(key).map(fresh -> take(key, fresh)).orElse(null);
    return found != null && found.epoch() == epoch ? found : null;
  }

  /** Returns the last answer to the question, at any epoch, or null. */
  public @Nullable ValidatedAnswer latest(QuestionKey key) {
    return questions.getIfPresent(key);
  }

  /**
   * Returns the answer that was generated from exactly this prompt.
   *
   * @param from what the current documents made the prompt from; the same words may have come from
   *     other versions when the answer was generated
   */
  public Optional<Answer> generatedFrom(Fingerprint fingerprint, MadeFrom from) {
    Kept known = answers.getIfPresent(fingerprint);
    if (known != null && !known.from().versions().equals(from.versions())) {
      put(fingerprint, new Kept(known.answer(), from), (old, fresh) -> fresh);
    }
    if (known != null || shared == null) {
      return Optional.ofNullable(known).map(Kept::answer);
    }
    Optional<Answer> found = shared.generatedFrom(fingerprint);
    found.ifPresent(answer -> put(fingerprint, new Kept(answer, from), (old, fresh) -> old));
    return found;
  }

  /**
   * Stores a finished answer. The first one for a fingerprint stays, because followers of both must
   * read the same words. An answer is not stored if a version it was made from was purged in the
   * meantime.
   */
  public void keep(Fingerprint fingerprint, Answer answer, MadeFrom from) {
    put(fingerprint, new Kept(answer, from), (old, fresh) -> old);
    if (shared != null && !isPurged(from)) {
      shared.keep(fingerprint, answer, from);
    }
  }

  private void put(Fingerprint fingerprint, Kept kept, BinaryOperator<Kept> choice) {
    answers.asMap().merge(fingerprint, kept, choice);
    index(answersByVersion, answers, fingerprint, kept.from());
  }

  /**
   * Indexes after storing the entry, because replacing an entry removes it from the index. The
   * entry is checked again afterwards, because a purge or an eviction may have happened in between.
   */
  private <K> void index(VersionIndex<K> versions, Cache<K, ?> cache, K key, MadeFrom from) {
    versions.add(key, from);
    if (isPurged(from)) {
      cache.invalidate(key);
    }
    if (!cache.asMap().containsKey(key)) {
      versions.remove(key, from);
    }
  }

  /** Returns whether one of its versions was purged after it was read. */
  public boolean isPurged(MadeFrom from) {
    Purged purged = purges.get(from.collection());
    return purged != null
        && from.epoch() < purged.epoch()
        && !from.versions().stream().allMatch(purged.isLive()::test);
  }

  /**
   * Drops everything that was made from versions of a collection that are not live, including
   * entries that arrive later. It is fast, because it looks only at the affected entries.
   *
   * @param epoch the epoch of the state that determines what is live
   * @return the number of dropped answers and questions
   */
  public int purge(CollectionRef collection, long epoch, LongPredicate isLive) {
    purges.merge(
        collection,
        new Purged(epoch, isLive),
        (old, fresh) -> fresh.epoch() >= old.epoch() ? fresh : old);
    Set<Fingerprint> deadAnswers = answersByVersion.takeDead(collection, isLive);
    answers.invalidateAll(deadAnswers);
    Set<QuestionKey> deadQuestions = questionsByVersion.takeDead(collection, isLive);
    // An entry without an origin may have been made from any collection.
    questions
        .asMap()
        .forEach((key, entry) -> {
          if (entry.origin() == null) {
            deadQuestions.add(key);
          }
        });
    questions.invalidateAll(deadQuestions);
    return deadAnswers.size() + deadQuestions.size();
  }

  /** Returns the number of indexed versions, to check the memory bound. */
  int indexedVersions() {
    return answersByVersion.size() + questionsByVersion.size();
  }

  /**
   * Passes every text that this process holds to {@code listener}. This does not count as a use.
   */
  public long forEachText(Consumer<String> listener) {
    answers.asMap().values().forEach(kept -> listener.accept(kept.answer().text()));
    for (ValidatedAnswer entry : questions.asMap().values()) {
      listener.accept(entry.answer().text());
      entry.sources().forEach(source -> source.passage().forEachText(listener));
    }
    return answers.estimatedSize() + questions.estimatedSize();
  }

  /**
   * Remembers for a while that the model found this prompt too long, so that no answer can come
   * from it.
   *
   * @param fingerprint of the prompt and the model that it was sent to
   */
  public void noteTooLong(Fingerprint fingerprint) {
    tooLong.put(fingerprint, true);
  }

  /** Returns whether the model is known to find this prompt too long. */
  public boolean isTooLong(Fingerprint fingerprint) {
    return tooLong.getIfPresent(fingerprint) != null;
  }

  /** Records the answer to a question. An older epoch never replaces a newer one. */
  public void validate(QuestionKey key, ValidatedAnswer validated) {
    ValidatedAnswer newest = take(key, validated);
    boolean isPurged = validated.madeFrom().map(this::isPurged).orElse(false);
    if (shared != null && newest == validated && !isPurged) {
      shared.validate(key, validated);
    }
  }

  private ValidatedAnswer take(QuestionKey key, ValidatedAnswer validated) {
    ValidatedAnswer newest =
        Objects.requireNonNull(
            questions
                .asMap()
                .merge(key, validated, (old, fresh) -> fresh.epoch() >= old.epoch() ? fresh : old));
    newest.madeFrom().ifPresent(from -> index(questionsByVersion, questions, key, from));
    return newest;
  }

  /** Returns what this process holds for the question. This does not count as a use. */
  public @Nullable ValidatedAnswer peekLocal(QuestionKey key) {
    return questions.policy().getIfPresentQuietly(key);
  }

  /** Returns whether replicas share a tier. */
  public boolean isShared() {
    return shared != null;
  }

  /** Returns what the replicas share for the question. */
  public Optional<ValidatedAnswer> peekShared(QuestionKey key) {
    return shared == null ? Optional.empty() : shared.latest(key);
  }

  /**
   * Returns whether a finished answer to exactly this prompt is known locally or in the shared
   * tier.
   */
  public boolean isAnswered(Fingerprint fingerprint) {
    return answers.policy().getIfPresentQuietly(fingerprint) != null
        || (shared != null && shared.generatedFrom(fingerprint).isPresent());
  }

  /**
   * Frees the memory of entries that an operator has made unusable.
   *
   * @return the number of removed questions
   */
  public int forget(Predicate<ValidatedAnswer> isUnusable) {
    int forgotten = 0;
    for (Map.Entry<QuestionKey, ValidatedAnswer> entry : questions.asMap().entrySet()) {
      ValidatedAnswer unusable = entry.getValue();
      if (isUnusable.test(unusable) && questions.asMap().remove(entry.getKey(), unusable)) {
        forgotten++;
        if (unusable.origin() != null && unusable.origin().fingerprint() != null) {
          answers.invalidate(unusable.origin().fingerprint());
        }
      }
    }
    return forgotten;
  }

  /** Returns the local tier, then the shared one if there is one. */
  public List<TierStats> stats() {
    long bytes = weight(questions) + weight(answers);
    TierStats here =
        new TierStats(
            "process",
            true,
            questions.estimatedSize(),
            bytes,
            hits.sum(),
            misses.sum(),
            0,
            0,
            0,
            evictions.sum());
    return shared == null ? List.of(here) : List.of(here, shared.stats());
  }

  private static long weight(Cache<?, ?> cache) {
    return cache.policy().eviction().map(bound -> bound.weightedSize().orElse(0)).orElse(0L);
  }

  /** Returns the number of questions held, for a gauge. */
  public long questionCount() {
    return questions.estimatedSize();
  }

  /** Removes all entries. */
  public void clear() {
    questions.invalidateAll();
    answers.invalidateAll();
    tooLong.invalidateAll();
    questionsByVersion.clear();
    answersByVersion.clear();
  }
}
