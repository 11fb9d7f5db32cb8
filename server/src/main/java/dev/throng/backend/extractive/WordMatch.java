package dev.throng.backend.extractive;

import dev.throng.backend.WordVectors;
import dev.throng.backend.WordVectors.WordVector;
import dev.throng.core.Deadline;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  /**
   * Longer questions are compared by their first words, because each is compared with all words.
   */
  private static final int MAX_QUESTION_WORDS = 64;

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

  /** By word of the texts: how much of each word of the question it stands for, 0 to 1. */
  private final Map<String, double[]> synonyms;

  private WordMatch(List<Asked> question, Map<String, double[]> synonyms) {
    this.question = question;
    this.synonyms = synonyms;
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
    Map<String, Set<String>> stems = new LinkedHashMap<>();
    for (String word : Quotable.wordsOf(question)) {
      Set<String> own = Set.copyOf(words.of(language, word));
      if (!own.isEmpty() && stems.size() < MAX_QUESTION_WORDS) { // is no stop word
        stems.put(word, own);
      }
    }
    Map<String, WordVector> known = vectorsOf(stems.keySet(), texts, vectors, deadline);
    List<Asked> asked = new ArrayList<>();
    stems.forEach((word, own) -> {
      WordVector vector = known.getOrDefault(word, WordVector.UNKNOWN);
      double weight = vectors.isEmpty() ? rarity(own, texts) : vector.rarity();
      asked.add(new Asked(own, vector, weight));
    });
    Map<String, double[]> synonyms = new HashMap<>();
    known.forEach((word, vector) -> synonyms.put(word, synonyms(asked, vector)));
    return new WordMatch(List.copyOf(asked), synonyms);
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

  private static double[] synonyms(List<Asked> question, WordVector word) {
    double[] values = new double[question.size()];
    for (int i = 0; i < values.length; i++) {
      Asked asked = question.get(i);
      // Another number is not the same, however alike a model finds them.
      double cosine = asked.isNumber() ? 0 : asked.vector().similarity(word);
      values[i] = SYNONYM_SHARE * Math.clamp((cosine - UNLIKE) / (ALIKE - UNLIKE), 0, 1);
    }
    return values;
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
    for (int i = 0; i < question.size(); i++) {
      Asked asked = question.get(i);
      double own = text.near().containsAll(asked.stems()) ? 1 : synonym(i, text.nearWords());
      double other = text.has(asked.stems()) ? 1 : synonym(i, text.aboveWords());
      near += asked.weight() * own;
      all += asked.weight() * Math.max(own, other);
      total += asked.weight();
    }
    return total == 0 ? new Shares(0, 0) : new Shares(near / total, all / total);
  }

  private double synonym(int asked, Set<String> words) {
    double best = 0;
    for (String word : words) {
      double[] values = synonyms.get(word);
      best = values == null ? best : Math.max(best, values[asked]);
    }
    return best;
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
