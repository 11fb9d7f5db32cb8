package dev.throng.backend.extractive;

import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.backend.WordVectors;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.Passage;
import dev.throng.core.TokenCount;
import dev.throng.core.Tokens;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers by quoting the sentence that answers the question, with its citation. It first selects
 * the few sentences with most of the question's words and of what it asks for, and then those of
 * them that are nearest in meaning. If none clearly answers, it says so and quotes the nearest.
 */
public final class ExtractiveGenerator implements Generator {
  public static final String NAME = "extractive";

  /** The answer when no passage in force has a sentence that could be quoted. */
  public static final String NO_ANSWER = "The documents do not clearly answer this.";

  /** Stands before quotations that do not clearly answer. */
  public static final String NO_CLEAR_ANSWER = NO_ANSWER + " What comes closest:";

  /** Must be changed when the same prompt would yield other sentences. */
  private static final String VERSION = "6";

  /** Number of sentences whose meaning is compared. An embedding takes about 4 ms on one core. */
  private static final int CANDIDATES = 8;

  private static final int CLOSEST = 3;

  /** Two sentences with this share of all their words in common are twins. */
  private static final double TWIN_SHARE = 0.5;

  /** A second sentence is quoted if its score is at most this much below that of the first. */
  private static final double SECOND_WITHIN = 0.06;

  private record Scored(Quotable sentence, SentenceScore score) {}

  private final @Nullable Embedder embedder;
  private final WordVectors vectors;
  private final Words words;
  private final boolean isCalibrated;
  private final int slots;
  private final GeneratorIdentity identity;

  /**
   * Creates a generator.
   *
   * @param slots maximum number of simultaneous answers
   */
  public ExtractiveGenerator(Embedder embedder, Words words, int slots) {
    this.embedder = embedder;
    this.vectors = embedder.wordVectors();
    this.isCalibrated = embedder.id().equals(SentenceScore.CALIBRATED_FOR);
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "embedder=" + embedder.id());
  }

  /**
   * Creates a generator that selects by words only, and always takes the nearest sentences for an
   * answer. The quality is lower, but it needs no embedding, and waits for none.
   */
  public ExtractiveGenerator(Words words, int slots) {
    this.embedder = null;
    this.vectors = WordVectors.NONE;
    this.isCalibrated = false;
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "words");
  }

  @Override
  public GeneratorIdentity identity() {
    return identity;
  }

  @Override
  public boolean isQuoting() {
    return true;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int maxPromptTokens(int maxTokens) {
    return Integer.MAX_VALUE;
  }

  @Override
  public int maxTokens() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink) {
    List<Quotable> texts = QuotableTexts.of(prompt, words);
    WordMatch match =
        WordMatch.of(prompt.question(), prompt.language(), texts, words, vectors, deadline);
    Wanted wanted = Wanted.by(prompt.question());
    List<Scored> candidates = candidates(prompt, texts, match, wanted);
    if (embedder == null || prompt.passages().isEmpty()) {
      List<Scored> having =
          candidates.stream().filter(each -> each.score().shares().all() > 0).toList();
      return render("", best(match, having), FinishReason.STOP, limits, sink);
    }
    List<Scored> ranked = rankByMeaning(embedder, prompt.question(), candidates, deadline);
    if (ranked.isEmpty()) {
      return render(NO_ANSWER, ranked, FinishReason.CLOSEST_PASSAGES, limits, sink);
    }
    List<Scored> closest = ranked.subList(0, Math.min(CLOSEST, ranked.size()));
    return isClear(prompt, wanted, ranked.getFirst())
        ? render("", best(match, ranked), FinishReason.STOP, limits, sink)
        : render(NO_CLEAR_ANSWER, closest, FinishReason.CLOSEST_PASSAGES, limits, sink);
  }

  private boolean isClear(Prompt prompt, Wanted wanted, Scored best) {
    Quotable sentence = best.sentence();
    Passage passage = prompt.passages().get(sentence.passage());
    return best.score().isClear(isCalibrated)
        && wanted.isNamedIn(sentence.text(), passage.headings(), passage.title(), passage.text());
  }

  /**
   * Writes one sentence per paragraph, as many as the limits allow. It writes at least one unless a
   * stop string prevents it.
   */
  private static Completion render(
      String before, List<Scored> best, FinishReason reason, AnswerLimits limits, TextSink sink) {
    StringBuilder said = new StringBuilder(before);
    FinishReason end = reason;
    int tokens = Tokens.estimate(before);
    boolean isFirst = true;
    for (Scored scored : best) {
      Quotable sentence = scored.sentence();
      tokens += Tokens.estimate(sentence.text());
      if (!isFirst && tokens > limits.maxTokens()) {
        end = reason == FinishReason.STOP ? FinishReason.LENGTH : reason;
        break;
      }
      said.append(said.isEmpty() ? "" : "\n\n");
      said.append(sentence.text()).append(" [").append(sentence.passage() + 1).append(']');
      isFirst = false;
    }
    int stop = limits.stop().firstIn(said.toString());
    if (stop >= 0) {
      said.setLength(stop);
      end = reason;
    }
    if (!said.isEmpty()) {
      sink.append(said.toString());
    }
    return new Completion(end, TokenCount.NONE);
  }

  @Override
  public void close() {}

  /** Returns the sentences that are worth a comparison of their meaning, best first. */
  private static List<Scored> candidates(
      Prompt prompt, List<Quotable> texts, WordMatch match, Wanted wanted) {
    List<Scored> scored = new ArrayList<>();
    for (Quotable text : texts) {
      SentenceScore score =
          new SentenceScore(
              match.shares(text),
              wanted.fit(text.text()),
              wanted.quantityFit(text.text()),
              prompt.passages().get(text.passage()).score(),
              0);
      scored.add(new Scored(text, score));
    }
    scored.sort(
        Comparator.comparingDouble((Scored s) -> -s.score().byWords())
            .thenComparingInt(s -> s.sentence().position()));
    return distinct(scored, CANDIDATES);
  }

  private static List<Scored> rankByMeaning(
      Embedder embedder, String question, List<Scored> candidates, Deadline deadline) {
    if (candidates.isEmpty()) {
      return candidates;
    }
    CompletableFuture<Embedding> asked = embedder.embedQuery(question, deadline);
    List<CompletableFuture<Embedding>> said =
        candidates.stream()
            .map(candidate -> embedder.embedPassage(candidate.sentence().inContext(), deadline))
            .toList();
    List<Scored> scored = new ArrayList<>();
    Embedding query = Embedder.await(asked, deadline);
    for (int i = 0; i < candidates.size(); i++) {
      double cosine = query.cosine(Embedder.await(said.get(i), deadline));
      Scored candidate = candidates.get(i);
      scored.add(new Scored(candidate.sentence(), candidate.score().withCosine(cosine)));
    }
    scored.sort(Comparator.comparingDouble((Scored s) -> -s.score().total()));
    return scored;
  }

  /**
   * Returns the best sentence, and the next one if its score is close to it. A twin of the best one
   * that has less of the question is left out, because it stands below another heading and answers
   * another question.
   */
  private static List<Scored> best(WordMatch match, List<Scored> ranked) {
    if (ranked.isEmpty()) {
      return ranked;
    }
    Scored first = ranked.getFirst();
    double least = first.score().total() - SECOND_WITHIN;
    Set<String> asked = match.common(first.sentence());
    List<Scored> best = new ArrayList<>(List.of(first));
    ranked.stream()
        .skip(1)
        .filter(each -> each.score().total() >= least)
        .filter(each -> !isTwin(each, first) || hasOthers(match.common(each.sentence()), asked))
        .findFirst()
        .ifPresent(best::add);
    return best;
  }

  /** Returns whether most words of both are the same. Twins differ in their numbers. */
  private static boolean isTwin(Scored some, Scored other) {
    Set<String> all = withoutNumbers(some);
    Set<String> others = withoutNumbers(other);
    Set<String> common = new HashSet<>(all);
    common.retainAll(others);
    all.addAll(others);
    return common.size() >= TWIN_SHARE * all.size();
  }

  private static Set<String> withoutNumbers(Scored scored) {
    Set<String> found = new HashSet<>(scored.sentence().near());
    found.removeIf(word -> word.chars().anyMatch(Character::isDigit));
    return found;
  }

  /** Returns whether words are the same as others, or some of them are not among the others. */
  private static boolean hasOthers(Set<String> some, Set<String> others) {
    return some.equals(others) || !others.containsAll(some);
  }

  /** Removes repeated sentences, which overlapping chunks and copies of a document produce. */
  private static List<Scored> distinct(List<Scored> sorted, int limit) {
    Set<String> seen = new HashSet<>();
    return sorted.stream()
        .filter(scored -> seen.add(scored.sentence().text().toLowerCase(Locale.ROOT)))
        .limit(limit)
        .toList();
  }
}
