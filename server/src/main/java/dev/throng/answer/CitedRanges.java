package dev.throng.answer;

import dev.throng.core.Passage;
import dev.throng.core.Sentences;
import dev.throng.core.TextRange;
import dev.throng.core.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what each citation of an answer refers to: the part of the passage that supports the
 * statement before the citation. Where no part does, it is the whole passage.
 */
final class CitedRanges {
  private static final Pattern CITATION = Pattern.compile("\\[(\\d{1,4}(?:, \\d{1,4})*)\\]");

  /** At the end of a paragraph that is quoted. */
  private static final Pattern QUOTED = Pattern.compile(" \\[(\\d{1,4})\\](?=\\n\\n|\\z)");

  /** Fewer words say nothing. */
  private static final int MIN_WORDS = 2;

  private final List<Passage> passages;
  private final Words words;
  private final String language;
  private final Map<Integer, CitationAlignment> alignments = new HashMap<>();
  private final Map<Integer, Set<TextRange>> cited = new HashMap<>();

  private CitedRanges(List<Passage> passages, Words words, String language) {
    this.passages = passages;
    this.words = words;
    this.language = language;
  }

  /**
   * Returns the cited ranges of each cited passage.
   *
   * @param answer numbers of other passages are no citations: they may arise where {@link
   *     CitationFilter} removes something between brackets
   * @param isQuoted whether the answer is quoted, see {@link
   *     dev.throng.backend.Generator#isQuoting()}
   * @param passages in the order of their numbers
   * @return by the passages' numbers, from 1; offsets in the passages' texts, in the order in which
   *     the answer cites them
   */
  static Map<Integer, List<TextRange>> of(
      String answer, boolean isQuoted, List<Passage> passages, Words words, String language) {
    CitedRanges ranges = new CitedRanges(passages, words, language);
    ranges.addAll(answer, (isQuoted ? QUOTED : CITATION).matcher(answer));
    Map<Integer, List<TextRange>> found = new HashMap<>();
    ranges.cited.keySet().forEach(number -> found.put(number, ranges.rangesOf(number)));
    return Map.copyOf(found);
  }

  private void addAll(String answer, Matcher citation) {
    List<TextRange> sentences = Sentences.in(answer);
    int before = 0;
    List<String> statements = List.of();
    while (citation.find()) {
      if (!isBlank(answer.substring(before, citation.start()))) {
        statements = statements(answer, sentences, before, citation.start());
      }
      for (String number : citation.group(1).split(", ", -1)) {
        int n = Integer.parseInt(number);
        if (n >= 1 && n <= passages.size()) {
          add(n, statements);
        }
      }
      before = citation.end();
    }
  }

  /**
   * Returns the statements that a citation supports: the sentences of its paragraph since the
   * citation before it. When that is too little to be compared, as in "According to [1], ...", it
   * is the whole sentence.
   */
  private List<String> statements(
      String answer, List<TextRange> sentences, int before, int citation) {
    int paragraph = answer.lastIndexOf("\n\n", citation);
    int from =
        isBlank(answer.substring(Math.max(before, paragraph), citation))
            ? before
            : Math.max(before, paragraph);
    List<String> statements = new ArrayList<>();
    for (TextRange sentence : sentences) {
      int start = Math.max(from, sentence.start());
      int end = Math.min(citation, sentence.end());
      if (start < end && !isBlank(answer.substring(start, end))) {
        statements.add(answer.substring(start, end));
      }
    }
    boolean isComparable =
        Set.copyOf(words.of(language, String.join(" ", statements))).size() >= MIN_WORDS;
    return isComparable ? statements : List.of(sentenceAt(answer, sentences, citation));
  }

  private static String sentenceAt(String answer, List<TextRange> sentences, int at) {
    return sentences.stream()
        .filter(sentence -> sentence.start() <= at && at < sentence.end())
        .map(sentence -> sentence.of(answer))
        .findFirst()
        .orElse("");
  }

  private void add(int number, List<String> statements) {
    Passage passage = passages.get(number - 1);
    CitationAlignment alignment =
        alignments.computeIfAbsent(number, n -> new CitationAlignment(words, language, passage));
    Set<TextRange> ranges = cited.computeIfAbsent(number, n -> new LinkedHashSet<>());
    statements.forEach(statement -> ranges.addAll(alignment.supporting(statement)));
  }

  private List<TextRange> rangesOf(int number) {
    TextRange whole = new TextRange(0, passages.get(number - 1).text().length());
    Set<TextRange> ranges = cited.getOrDefault(number, Set.of());
    return ranges.isEmpty() ? List.of(whole) : List.copyOf(ranges);
  }

  private static boolean isBlank(String text) {
    return text.codePoints().noneMatch(Character::isLetterOrDigit);
  }
}
