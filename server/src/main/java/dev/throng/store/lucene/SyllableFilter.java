package dev.throng.store.lucene;

import java.io.IOException;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/**
 * Splits text of scripts without blanks between words, such as Thai, into all pairs of neighbouring
 * letters with their marks. Lucene's tokenizer takes a whole clause for one word, so that no word
 * of a question would be found in it.
 */
final class SyllableFilter extends TokenFilter {
  private static final Set<UnicodeScript> WITHOUT_BLANKS =
      EnumSet.of(UnicodeScript.THAI, UnicodeScript.LAO, UnicodeScript.KHMER, UnicodeScript.MYANMAR);

  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final PositionIncrementAttribute position =
      addAttribute(PositionIncrementAttribute.class);

  /** The clause that is being split; empty when there is none. */
  private String clause = "";

  private int next;

  SyllableFilter(TokenStream input) {
    super(input);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (next < clause.length() && letterEnd(next) < clause.length()) {
      pair();
      position.setPositionIncrement(1);
      return true;
    }
    clause = "";
    if (!input.incrementToken()) {
      return false;
    }
    boolean isClause =
        term.length() > 0
            && WITHOUT_BLANKS.contains(UnicodeScript.of(Character.codePointAt(term, 0)));
    if (isClause && letterEnd(term.toString(), 0) < term.length()) {
      clause = term.toString();
      next = 0;
      pair();
    }
    return true;
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    clause = "";
    next = 0;
  }

  private void pair() {
    int second = letterEnd(next);
    term.setEmpty().append(clause, next, letterEnd(second));
    next = second;
  }

  private int letterEnd(int start) {
    return letterEnd(clause, start);
  }

  /** Returns the end of the letter at {@code start} and of the marks above, below and behind it. */
  private static int letterEnd(String text, int start) {
    int end = start + Character.charCount(text.codePointAt(start));
    while (end < text.length() && isMark(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }
}
