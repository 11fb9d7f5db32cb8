package dev.throng.retrieval;

import dev.throng.config.RetrievalConfig;
import dev.throng.core.Passage;
import dev.throng.core.Span;
import dev.throng.core.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Selects the passages of a prompt from the ranked candidates. */
final class PassageSelection {
  /** About two chunks. */
  private static final int MAX_JOINED_CHARS = 3_000;

  private final RetrievalConfig config;

  PassageSelection(RetrievalConfig config) {
    this.config = config;
  }

  /**
   * Selects at most {@code topK} distinct chunks that fit the token budget, and joins neighbours.
   *
   * @param ranked chunks, best first
   * @return passages, best first
   */
  List<Passage> forPrompt(List<Passage> ranked, int topK) {
    List<Passage> chosen = new ArrayList<>();
    List<WordSet> words = new ArrayList<>();
    int tokens = 0;
    for (Passage candidate : ranked) {
      if (chosen.size() == topK) {
        break;
      }
      int cost = Tokens.estimate(candidate.headings()) + Tokens.estimate(candidate.text());
      WordSet own = WordSet.of(candidate.text());
      boolean fits = chosen.isEmpty() || tokens + cost <= config.passageTokens();
      if (fits && words.stream().noneMatch(other -> isDuplicate(own, other))) {
        chosen.add(candidate);
        words.add(own);
        tokens += cost;
      }
    }
    return joinNeighbours(chosen);
  }

  /**
   * Returns whether two texts are nearly the same. Texts that differ in a number are not: site
   * guides and price lists often differ only in a number, and the number is what the question asks
   * for.
   */
  private boolean isDuplicate(WordSet a, WordSet b) {
    return a.hasSameNumbers(b) && a.overlap(b) >= config.duplicateOverlap();
  }

  private static List<Passage> joinNeighbours(List<Passage> chosen) {
    List<Ranked> inOrder = new ArrayList<>();
    for (Passage passage : chosen) {
      inOrder.add(new Ranked(inOrder.size(), passage));
    }
    inOrder.sort(
        Comparator.comparingLong((Ranked each) -> each.passage().version())
            .thenComparingInt(each -> each.passage().start()));
    List<Ranked> joined = new ArrayList<>();
    for (Ranked next : inOrder) {
      if (!joined.isEmpty() && touches(joined.getLast().passage(), next.passage())) {
        Ranked before = joined.removeLast();
        joined.add(
            new Ranked(
                Math.min(before.rank(), next.rank()), join(before.passage(), next.passage())));
      } else {
        joined.add(next);
      }
    }
    joined.sort(Comparator.comparingInt(Ranked::rank));
    return joined.stream().map(Ranked::passage).toList();
  }

  /** A chosen passage, or several joined, with the best of their ranks. */
  private record Ranked(int rank, Passage passage) {}

  /**
   * Two chunks of one section are neighbours if at most the two line ends that separate blocks lie
   * between them. What is joined has one number, so it stays short.
   */
  private static boolean touches(Passage first, Passage second) {
    return first.version() == second.version()
        && second.start() - first.end() <= 2
        && second.end() - first.start() <= MAX_JOINED_CHARS
        && first.spans().getLast().section().equals(second.spans().getFirst().section());
  }

  private static Passage join(Passage first, Passage second) {
    String text =
        second.start() >= first.end()
            ? first.text() + "\n".repeat(second.start() - first.end()) + second.text()
            : first.text()
                + second
                    .text()
                    .substring(Math.min(first.end() - second.start(), second.text().length()));
    List<Span> spans = new ArrayList<>(first.spans());
    Span.within(second.spans(), first.end(), Integer.MAX_VALUE)
        .forEach(span -> Span.add(spans, span));
    return new Passage(
        first.documentId(),
        first.version(),
        first.uri(),
        first.title(),
        first.headings(),
        first.start(),
        Math.max(first.end(), second.end()),
        text,
        List.copyOf(spans),
        first.isSuperseded(),
        Math.max(first.score(), second.score()));
  }
}
