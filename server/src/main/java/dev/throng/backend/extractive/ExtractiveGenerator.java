package dev.throng.backend.extractive;

import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.backend.extractive.QuotableTexts.Quotable;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.TokenCount;
import dev.throng.core.Tokens;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers by quoting the sentences that answer the question, each with its citation. It first
 * selects the few sentences with most of the question's words, where rare words count more, and
 * then those of them that are nearest in meaning.
 */
public final class ExtractiveGenerator implements Generator {
  public static final String NAME = "extractive";

  /** Must be changed when the same prompt would yield other sentences. */
  private static final String VERSION = "5";

  /** Number of sentences whose meaning is compared. An embedding takes about 4 ms on one core. */
  private static final int CANDIDATES = 8;

  private static final int MAX_SENTENCES = 3;

  /** The weight of a word that only outer headings have. All sentences below them have it. */
  private static final double ABOVE_SHARE = 0.5;

  /** Two sentences with this share of all their words in common are twins. */
  private static final double TWIN_SHARE = 0.5;

  /** A further sentence must have at least this share of the best one's score. */
  private static final double KEEP_SHARE = 0.85;

  /** Weight of the meaning relative to the words. */
  private static final double MEANING_WEIGHT = 0.6;

  private record Scored(Quotable sentence, double score) {}

  private final @Nullable Embedder embedder;
  private final Words words;
  private final int slots;
  private final GeneratorIdentity identity;

  /**
   * Creates a generator.
   *
   * @param slots maximum number of simultaneous answers
   */
  public ExtractiveGenerator(Embedder embedder, Words words, int slots) {
    this.embedder = embedder;
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "embedder=" + embedder.id());
  }

  /**
   * Creates a generator that selects by words only. The quality is lower, but it needs no
   * embedding.
   */
  public ExtractiveGenerator(Words words, int slots) {
    this.embedder = null;
    this.words = words;
    this.slots = slots;
    this.identity = new GeneratorIdentity(NAME, NAME, VERSION, "words");
  }

  @Override
  public GeneratorIdentity identity() {
    return identity;
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
    Set<String> question = new HashSet<>(words.of(prompt.language(), prompt.question()));
    List<Quotable> sentences = QuotableTexts.of(prompt, words);
    List<Scored> lexical = rankLexically(question, sentences);
    List<Scored> ranked =
        embedder == null
            ? lexical.stream().filter(scored -> scored.score() > 0).toList()
            : rankSemantically(embedder, prompt.question(), lexical, deadline);
    return render(best(question, ranked), limits, sink);
  }

  /**
   * Writes one sentence per paragraph, as many as the limits allow. It writes at least one unless a
   * stop string prevents it.
   */
  private static Completion render(List<Scored> best, AnswerLimits limits, TextSink sink) {
    StringBuilder said = new StringBuilder();
    FinishReason end = FinishReason.STOP;
    int tokens = 0;
    for (Scored scored : best) {
      Quotable sentence = scored.sentence();
      tokens += Tokens.estimate(sentence.text());
      if (!said.isEmpty() && tokens > limits.maxTokens()) {
        end = FinishReason.LENGTH;
        break;
      }
      said.append(said.isEmpty() ? "" : "\n\n");
      said.append(sentence.text()).append(" [").append(sentence.passage() + 1).append(']');
    }
    int stop = limits.stop().firstIn(said.toString());
    if (stop >= 0) {
      said.setLength(stop);
      end = FinishReason.STOP;
    }
    if (!said.isEmpty()) {
      sink.append(said.toString());
    }
    return new Completion(end, TokenCount.NONE);
  }

  @Override
  public void close() {}

  /**
   * Ranks the sentences by the question's words they contain. A word that fewer sentences contain
   * has more weight.
   */
  private static List<Scored> rankLexically(Set<String> question, List<Quotable> sentences) {
    Map<String, Integer> frequency = new HashMap<>();
    for (Quotable sentence : sentences) {
      for (String word : question) {
        if (sentence.has(word)) {
          frequency.merge(word, 1, Integer::sum);
        }
      }
    }
    double all = 0;
    for (int count : frequency.values()) {
      all += weight(count, sentences.size());
    }
    List<Scored> scored = new ArrayList<>();
    for (Quotable sentence : sentences) {
      double score = 0;
      for (String word : question) {
        if (sentence.has(word)) {
          double share = sentence.near().contains(word) ? 1 : ABOVE_SHARE;
          score += share * weight(frequency.getOrDefault(word, 1), sentences.size());
        }
      }
      scored.add(new Scored(sentence, all == 0 ? 0 : score / all));
    }
    scored.sort(
        Comparator.comparingDouble((Scored s) -> -s.score())
            .thenComparingInt(s -> s.sentence().position()));
    return distinct(scored, CANDIDATES);
  }

  private static double weight(int frequency, int sentences) {
    return Math.log(1.0 + (double) sentences / frequency);
  }

  private static List<Scored> rankSemantically(
      Embedder embedder, String question, List<Scored> candidates, Deadline deadline) {
    if (candidates.isEmpty()) {
      return candidates;
    }
    CompletableFuture<Embedding> asked = embedder.embedQuery(question, deadline);
    List<CompletableFuture<Embedding>> said =
        candidates.stream()
            .map(candidate -> embedder.embedPassage(inContext(candidate.sentence()), deadline))
            .toList();
    List<Scored> scored = new ArrayList<>();
    Embedding query = Embedder.await(asked, deadline);
    for (int i = 0; i < candidates.size(); i++) {
      double meaning = query.cosine(Embedder.await(said.get(i), deadline));
      Scored candidate = candidates.get(i);
      scored.add(
          new Scored(
              candidate.sentence(),
              MEANING_WEIGHT * meaning + (1 - MEANING_WEIGHT) * candidate.score()));
    }
    scored.sort(Comparator.comparingDouble((Scored s) -> -s.score()));
    return scored;
  }

  /**
   * Returns the best sentence, and the next ones whose scores are close to it. A twin of the best
   * one that has less of the question is left out, because it stands below another heading and
   * answers another question.
   */
  private static List<Scored> best(Set<String> question, List<Scored> ranked) {
    if (ranked.isEmpty()) {
      return ranked;
    }
    Scored first = ranked.getFirst();
    Set<String> asked = common(question, first);
    double floor = first.score() * KEEP_SHARE;
    return ranked.stream()
        .filter(each -> each.score() >= floor)
        .filter(each -> !isTwin(each, first) || hasOthers(common(question, each), asked))
        .limit(MAX_SENTENCES)
        .toList();
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

  private static Set<String> common(Set<String> question, Scored scored) {
    Set<String> common = new HashSet<>(question);
    common.removeIf(word -> !scored.sentence().has(word));
    return common;
  }

  /** Returns whether words are the same as others, or some of them are not among the others. */
  private static boolean hasOthers(Set<String> some, Set<String> others) {
    return some.equals(others) || !others.containsAll(some);
  }

  private static String inContext(Quotable sentence) {
    return sentence.topic().isEmpty() ? sentence.text() : sentence.topic() + "\n" + sentence.text();
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
