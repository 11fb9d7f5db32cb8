package dev.throng.answer;

import dev.throng.core.Passage;
import dev.throng.core.Sentences;
import dev.throng.core.TextRange;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sentences, list items and table rows of a passage that support a statement, by the
 * words that they share. A word counts more the fewer parts of the passage have it.
 */
final class CitationAlignment {
  /** Share of the statement's words, by weight, that must be found for anything to be a match. */
  private static final double MIN_COVERED = 0.4;

  /** A further part must have at least this share of the words that the others lack. */
  private static final double MIN_ADDED = 0.2;

  private static final int MAX_PARTS = 3;
  private static final char TABLE_EDGE = '|';

  /** A part of a passage that can be cited on its own. */
  private record Part(int start, int end, Set<String> words) {}

  private final Words words;
  private final String language;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Integer> frequency = new HashMap<>();

  /**
   * Prepares a passage.
   *
   * @param language of the words
   */
  CitationAlignment(Words words, String language, Passage passage) {
    this.words = words;
    this.language = language;
    addLines(passage.text(), words.of(language, passage.tableHeader()));
    for (Part part : parts) {
      part.words().forEach(word -> frequency.merge(word, 1, Integer::sum));
    }
  }

  /**
   * Returns the parts that support a statement, in the order of the passage.
   *
   * @return empty when no part has enough of its words
   */
  List<TextRange> supporting(String statement) {
    Set<String> missing = new HashSet<>(words.of(language, statement));
    double all = weight(missing);
    List<Part> chosen = new ArrayList<>();
    while (chosen.size() < MAX_PARTS && !missing.isEmpty()) {
      Part best = best(missing);
      double added = best == null ? 0 : shared(best, missing);
      if (best == null || added < all * (chosen.isEmpty() ? MIN_COVERED : MIN_ADDED)) {
        break;
      }
      chosen.add(best);
      missing.removeAll(best.words());
    }
    return chosen.stream()
        .sorted(Comparator.comparingInt(Part::start))
        .map(part -> new TextRange(part.start(), part.end()))
        .toList();
  }

  /** Returns the part with most of the words, of equal ones the one with the fewest others. */
  private @Nullable Part best(Set<String> wanted) {
    Part best = null;
    double most = 0;
    for (Part part : parts) {
      double found = shared(part, wanted);
      boolean isShorter = best != null && part.words().size() < best.words().size();
      if (found > most || (found == most && found > 0 && isShorter)) {
        best = part;
        most = found;
      }
    }
    return best;
  }

  private double shared(Part part, Set<String> wanted) {
    double sum = 0;
    for (String word : wanted) {
      sum += part.words().contains(word) ? weight(word) : 0;
    }
    return sum;
  }

  private double weight(Set<String> all) {
    return all.stream().mapToDouble(this::weight).sum();
  }

  private double weight(String word) {
    return Math.log(1.0 + (double) parts.size() / frequency.getOrDefault(word, 1));
  }

  /**
   * Adds the parts of each line.
   *
   * @param above the words of a table's header, if the passage begins inside the table
   */
  private void addLines(String passage, List<String> above) {
    List<String> header = above;
    int start = 0;
    while (start < passage.length()) {
      int lineEnd = passage.indexOf('\n', start);
      int end = lineEnd < 0 ? passage.length() : lineEnd;
      String line = passage.substring(start, end);
      if (line.isEmpty() || line.charAt(0) != TABLE_EDGE) {
        header = List.of();
        addSentences(line, start);
      } else if (header.isEmpty()) {
        header = words.of(language, line);
        add(start, end, header);
      } else {
        List<String> row = new ArrayList<>(header);
        row.addAll(words.of(language, line));
        add(start, end, row);
      }
      start = end + 1;
    }
  }

  private void addSentences(String line, int lineStart) {
    for (TextRange range : Sentences.in(line)) {
      String sentence = range.of(line).stripTrailing();
      int start = lineStart + range.start();
      add(start, start + sentence.length(), words.of(language, sentence));
    }
  }

  private void add(int start, int end, List<String> own) {
    if (!own.isEmpty()) {
      parts.add(new Part(start, end, Set.copyOf(own)));
    }
  }
}
