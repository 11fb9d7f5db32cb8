package dev.throng.core;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds sentences. */
public final class Sentences {
  private Sentences() {}

  /**
   * Returns the sentences of a text, in order, each with the blanks behind it. Together they are
   * the whole text.
   */
  public static List<TextRange> in(String text) {
    BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
    breaks.setText(text);
    List<TextRange> sentences = new ArrayList<>();
    int start = 0;
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      sentences.add(new TextRange(start, end));
      start = end;
    }
    return sentences;
  }
}
