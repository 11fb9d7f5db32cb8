package dev.throng.backend.extractive;

import dev.throng.backend.WordVectors;
import dev.throng.backend.WordVectors.WordVector;
import dev.throng.core.Deadline;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much of a question's words a text has. Rare words count more, and a word of nearly the same
 * meaning counts in part.
 */
final class WordMatch {
  /** Words whose cosine is smaller have nothing in common. */
  private static final double UNLIKE = 0.2;

  /** Words whose cosine is larger mean the same, as "vacation" and "holiday" with 0.45. */
  private static final double ALIKE = 0.45;

  /** What another word of the same meaning counts. */
  private static final double SYNONYM_SHARE = 0.9;

  /**
   * A word of the question.
   *
   * @param stems as searches compare them
   */
  private record Asked(Set<String> stems, WordVector vector, double weight) {
    boolean isNumber() {
      return stems.stream().anyMatch(stem -> stem.chars().anyMatch(Character::isDigit));
    }
  }

  /**
   * Shares of the question's words, 0 to 1.
   *
   * @param near in a text and its topic
   * @param all in the text, the headings above it and the document's name
   */
  record Shares(double near, double all) {}

  private final List<Asked> question;
  private final Map<String, WordVector> vectors;

  private WordMatch(List<Asked> question, Map<String, WordVector> vectors) {
    this.question = question;
    this.vectors = vectors;
  }

  /**
   * Prepares the comparison of a question with texts.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED, DEADLINE_EXCEEDED
   */
  static WordMatch of(
      String question,
      String language,
      List<Quotable> texts,
      Words words,
      WordVectors vectors,
      Deadline deadline) {
    Set<String> asked = Quotable.wordsOf(question);
    Map<String, WordVector> byWord = vectorsOf(asked, texts, vectors, deadline);
    List<Asked> weighted = new ArrayList<>();
    for (String word : asked) {
      Set<String> stems = Set.copyOf(words.of(language, word));
      if (!stems.isEmpty()) { // is no stop word
        WordVector vector = byWord.getOrDefault(word, WordVector.UNKNOWN);
        double weight = vectors.isEmpty() ? rarity(stems, texts) : vector.rarity();
        weighted.add(new Asked(stems, vector, weight));
      }
    }
    return new WordMatch(List.copyOf(weighted), byWord);
  }

  private static Map<String, WordVector> vectorsOf(
      Set<String> asked, List<Quotable> texts, WordVectors vectors, Deadline deadline) {
    if (vectors.isEmpty()) {
      return Map.of();
    }
    Set<String> all = new LinkedHashSet<>(asked);
    for (Quotable text : texts) {
      all.addAll(text.nearWords());
      all.addAll(text.aboveWords());
    }
    List<String> words = List.copyOf(all);
    List<WordVector> found = vectors.of(words, deadline);
    Map<String, WordVector> byWord = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      byWord.put(words.get(i), found.get(i));
    }
    return byWord;
  }

  /** Without vectors, a word is as rare as it is among the texts. */
  private static double rarity(Set<String> stems, List<Quotable> texts) {
    long having = texts.stream().filter(text -> text.has(stems)).count();
    return Math.log1p((double) texts.size() / Math.max(1, having));
  }

  /** Returns the shares of the question's words that a text has. */
  Shares shares(Quotable text) {
    double near = 0;
    double all = 0;
    double total = 0;
    for (Asked asked : question) {
      double own = text.near().containsAll(asked.stems()) ? 1 : synonym(asked, text.nearWords());
      double other = text.has(asked.stems()) ? 1 : synonym(asked, text.aboveWords());
      near += asked.weight() * own;
      all += asked.weight() * Math.max(own, other);
      total += asked.weight();
    }
    return total == 0 ? new Shares(0, 0) : new Shares(near / total, all / total);
  }

  private double synonym(Asked asked, Set<String> words) {
    if (asked.isNumber()) {
      return 0; // another number is not the same, however alike a model finds them
    }
    double best = 0;
    for (String word : words) {
      WordVector vector = vectors.get(word);
      best = vector == null ? best : Math.max(best, asked.vector().similarity(vector));
    }
    return SYNONYM_SHARE * Math.clamp((best - UNLIKE) / (ALIKE - UNLIKE), 0, 1);
  }

  /** Returns the stems that the question and a text have in common. */
  Set<String> common(Quotable text) {
    Set<String> common = new HashSet<>();
    for (Asked asked : question) {
      if (text.has(asked.stems())) {
        common.addAll(asked.stems());
      }
    }
    return common;
  }
}
