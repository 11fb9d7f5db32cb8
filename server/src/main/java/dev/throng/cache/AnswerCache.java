package dev.throng.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.config.CacheConfig;
import dev.throng.core.Answer;
import dev.throng.core.Fingerprint;
import dev.throng.core.QuestionKey;
import dev.throng.core.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finished answers in this process and, where replicas share a tier, behind it; in two maps: a
 * question leads to an answer as of some epoch, and a prompt's fingerprint leads to the answer that
 * was generated from it. A question may be served from the first only at its epoch; at a later one
 * the caller builds the prompt anew and looks into the second.
 */
public final class AnswerCache {
  /** Share of the memory for questions, whose sources and wire form weigh more than the answers. */
  private static final double QUESTIONS_SHARE = 0.8;

  private static final int ANSWER_OVERHEAD_BYTES = 512;

  /** Prompts remembered as too long, some 100 bytes each. */
  private static final int MAX_TOO_LONG = 10_000;

  private final @Nullable SharedTier shared;
  private final Cache<QuestionKey, ValidatedAnswer> questions;
  private final Cache<Fingerprint, Answer> answers;
  private final Cache<Fingerprint, Boolean> tooLong;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder evictions = new LongAdder();

  /** In this process alone. */
  public AnswerCache(CacheConfig config, Ticker ticker) {
    this(config, ticker, null);
  }

  /**
   * @param shared asked when this process does not know, and told what it learns; null for none
   */
  public AnswerCache(CacheConfig config, Ticker ticker, @Nullable SharedTier shared) {
    this.shared = shared;
    this.questions =
        Caffeine.newBuilder()
            .maximumWeight((long) (config.maxBytes() * QUESTIONS_SHARE))
            .weigher((QuestionKey key, ValidatedAnswer value) -> value.weightBytes())
            .expireAfterAccess(config.idleTimeout())
            .evictionListener((key, value, cause) -> evictions.increment())
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight((long) (config.maxBytes() * (1 - QUESTIONS_SHARE)))
            .weigher((Fingerprint key, Answer value) ->
                ANSWER_OVERHEAD_BYTES + 2 * value.text().length())
            .expireAfterAccess(config.idleTimeout())
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    this.tooLong = Caffeine.newBuilder().maximumSize(MAX_TOO_LONG).executor(Runnable::run).build();
  }

  /**
   * The answer to serve as it is, or null when there is none that was validated at {@code epoch}.
   */
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
    // Another replica may have answered it, or found its answer still true.
    ValidatedAnswer found = shared.latest(key).map(fresh -> take(key, fresh)).orElse(null);
    return found != null && found.epoch() == epoch ? found : null;
  }

  /** What the question led to when it was last answered, at whatever epoch; or null. */
  public @Nullable ValidatedAnswer latest(QuestionKey key) {
    return questions.getIfPresent(key);
  }

  /** The answer that was generated from this very prompt. */
  public Optional<Answer> generatedFrom(Fingerprint fingerprint) {
    Answer known = answers.getIfPresent(fingerprint);
    if (known != null || shared == null) {
      return Optional.ofNullable(known);
    }
    Optional<Answer> found = shared.generatedFrom(fingerprint);
    found.ifPresent(answer -> answers.asMap().putIfAbsent(fingerprint, answer));
    return found;
  }

  /**
   * Keeps a finished answer. The first one for a fingerprint stays: followers of both must read the
   * same words.
   */
  public void keep(Fingerprint fingerprint, Answer answer) {
    answers.asMap().putIfAbsent(fingerprint, answer);
    if (shared != null) {
      shared.keep(fingerprint, answer);
    }
  }

  /** Notes that the model found this prompt too long: no answer ever comes of it. */
  public void noteTooLong(Fingerprint fingerprint) {
    tooLong.put(fingerprint, true);
  }

  /** Whether the model is known to find this prompt too long. */
  public boolean isTooLong(Fingerprint fingerprint) {
    return tooLong.getIfPresent(fingerprint) != null;
  }

  /** Notes what a question leads to; an older epoch never replaces a newer one. */
  public void validate(QuestionKey key, ValidatedAnswer validated) {
    ValidatedAnswer newest = take(key, validated);
    if (shared != null && newest == validated) {
      shared.validate(key, validated);
    }
  }

  private ValidatedAnswer take(QuestionKey key, ValidatedAnswer validated) {
    return Objects.requireNonNull(
        questions
            .asMap()
            .merge(key, validated, (old, fresh) -> fresh.epoch() >= old.epoch() ? fresh : old));
  }

  /** What this process holds for the question; it does not count as a use. */
  public @Nullable ValidatedAnswer heldHere(QuestionKey key) {
    return questions.policy().getIfPresentQuietly(key);
  }

  /** Whether there is a tier that replicas share. */
  public boolean isShared() {
    return shared != null;
  }

  /** What the replicas share for the question. */
  public Optional<ValidatedAnswer> heldByAll(QuestionKey key) {
    return shared == null ? Optional.empty() : shared.latest(key);
  }

  /** Whether a finished answer from this very prompt is known here or to the replicas. */
  public boolean isAnswered(Fingerprint fingerprint) {
    return answers.policy().getIfPresentQuietly(fingerprint) != null
        || (shared != null && shared.generatedFrom(fingerprint).isPresent());
  }

  /**
   * Frees the memory of entries that an operator has made unusable.
   *
   * @return how many questions had one
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

  /** The tier in this process, then the shared one if there is one. */
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

  /** Questions held, for a gauge. */
  public long questionCount() {
    return questions.estimatedSize();
  }

  /** Forgets everything. */
  public void clear() {
    questions.invalidateAll();
    answers.invalidateAll();
    tooLong.invalidateAll();
  }
}
