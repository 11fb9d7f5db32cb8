package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Joins glyphs into words, and words into pieces of text. Sizes are fractions of the font's. */
final class Pieces {
  /** Glyphs further apart are of two words. */
  private static final float WORD_GAP = 0.14f;

  /** Glyphs that overlap by more are not of the same word. */
  private static final float MAX_OVERLAP = 0.4f;

  /** A gap between words that may separate columns. */
  private static final float PIECE_GAP = 1f;

  /** Several blanks are drawn to align text, so that a smaller gap may separate columns, too. */
  private static final int ALIGNING_BLANKS = 3;

  private static final float ALIGNED_GAP = 0.7f;

  /** Baselines of the same line differ by at most this. */
  private static final float MAX_SHIFT = 0.35f;

  private static final float MARK_SHIFT = 0.45f;

  /** A longer piece is cut, so that its readers need little memory. */
  private static final int MAX_CHARS = 10_000;

  private static final Comparator<Piece> DOWNWARDS =
      Comparator.comparingDouble(Piece::baseline).thenComparingDouble(Piece::left);

  private Pieces() {}

  /**
   * Returns the pieces of text, sorted by their baselines.
   *
   * @param verticals lines, sorted from left to right, beyond which no piece extends
   */
  static List<Piece> of(List<Glyph> glyphs, List<Rule> verticals) {
    List<Piece> pieces = new ArrayList<>();
    for (List<Piece> row : rows(words(glyphs))) {
      merge(row, verticals, pieces);
    }
    return pieces;
  }

  /** Returns pieces in rows with a common baseline, from top to bottom, each from left to right. */
  static List<List<Piece>> rows(List<Piece> pieces) {
    List<Piece> sorted = new ArrayList<>(pieces);
    sorted.sort(DOWNWARDS);
    List<List<Piece>> rows = new ArrayList<>();
    List<Piece> row = new ArrayList<>();
    float baseline = 0;
    float size = 0;
    for (Piece piece : sorted) {
      boolean isSame = !row.isEmpty() && isLevel(piece.baseline() - baseline, size, piece.size());
      if (!isSame && !row.isEmpty()) {
        rows.add(row);
        row = new ArrayList<>();
      }
      if (row.isEmpty()) {
        baseline = piece.baseline();
        size = piece.size();
      }
      size = Math.min(size, piece.size());
      row.add(piece);
    }
    if (!row.isEmpty()) {
      rows.add(row);
    }
    rows.forEach(each -> each.sort(Comparator.comparingDouble(Piece::left)));
    return rows;
  }

  /** Returns whether baselines are of the same row, if need be as that of a superscript. */
  private static boolean isLevel(float shift, float size, float other) {
    float smaller = Math.min(size, other);
    float larger = Math.max(size, other);
    boolean isMark = smaller < 0.85f * larger;
    return shift <= (isMark ? MARK_SHIFT * larger : MAX_SHIFT * smaller);
  }

  private static List<Piece> words(List<Glyph> glyphs) {
    List<Piece> words = new ArrayList<>();
    List<Glyph> word = new ArrayList<>();
    int blanks = 0;
    for (Glyph glyph : glyphs) {
      boolean isContinued =
          !word.isEmpty()
              && word.size() < MAX_CHARS
              && !glyph.isBlank()
              && continues(word.getFirst(), word.getLast(), glyph);
      if (!word.isEmpty() && !isContinued) {
        words.add(word(word, blanks));
        word.clear();
        blanks = 0;
      }
      if (glyph.isBlank()) {
        blanks++;
      } else {
        word.add(glyph);
      }
    }
    if (!word.isEmpty()) {
      words.add(word(word, blanks));
    }
    return words;
  }

  private static Piece word(List<Glyph> glyphs, int blanks) {
    StringBuilder text = new StringBuilder();
    glyphs.forEach(glyph -> text.append(Rtl.visual(glyph.text())));
    Glyph first = glyphs.getFirst();
    return new Piece(
        text.toString(),
        first.left(),
        Math.max(first.right(), glyphs.getLast().right()),
        first.baseline(),
        first.size(),
        first.isBold(),
        blanks,
        null);
  }

  /** Returns whether a glyph follows another, or is a superscript or subscript behind it. */
  private static boolean continues(Glyph first, Glyph last, Glyph glyph) {
    float gap = glyph.left() - last.right();
    float shift = Math.abs(glyph.baseline() - first.baseline());
    boolean isClose = gap <= WORD_GAP * first.size() && gap >= -MAX_OVERLAP * first.size();
    boolean isLevel = shift <= 0.1f * first.size();
    boolean isSmallMark = glyph.size() < 0.85f * first.size() && shift <= 0.55f * first.size();
    return isClose && (isLevel || isSmallMark);
  }

  private static void merge(List<Piece> row, List<Rule> verticals, List<Piece> to) {
    int start = 0;
    int chars = 0;
    for (int i = 1; i <= row.size(); i++) {
      chars += row.get(i - 1).text().length();
      boolean isEnd = i == row.size() || chars > MAX_CHARS;
      if (isEnd || isApart(row.get(i - 1), row.get(i), verticals)) {
        to.add(joined(row.subList(start, i)));
        start = i;
        chars = 0;
      }
    }
  }

  private static boolean isApart(Piece left, Piece right, List<Rule> verticals) {
    float size = Math.max(left.size(), right.size());
    float gap = right.left() - left.right();
    boolean isAligned = right.blanks() >= ALIGNING_BLANKS && gap >= ALIGNED_GAP * size;
    return gap >= PIECE_GAP * size
        || gap < -size
        || isAligned
        || isRuleBetween(left, right, verticals);
  }

  private static boolean isRuleBetween(Piece left, Piece right, List<Rule> verticals) {
    float from = left.right() - 1;
    float to = right.left() + 1;
    float middle = left.baseline() - left.size() / 3;
    int low = 0;
    int high = verticals.size();
    while (low < high) {
      int center = (low + high) >>> 1;
      if (verticals.get(center).at() < from) {
        low = center + 1;
      } else {
        high = center;
      }
    }
    for (int i = low; i < verticals.size() && verticals.get(i).at() <= to; i++) {
      if (verticals.get(i).covers(middle)) {
        return true;
      }
    }
    return false;
  }

  private static Piece joined(List<Piece> words) {
    StringBuilder text = new StringBuilder();
    Piece before = null;
    Piece largest = words.getFirst();
    float right = 0;
    int boldChars = 0;
    for (Piece word : words) {
      if (before != null) {
        float gap = word.left() - before.right();
        boolean isBlankDrawnLater = before.blanks() > 0 && Rtl.isIn(before.text());
        boolean isSeparate = word.blanks() > 0 || isBlankDrawnLater || gap > WORD_GAP * word.size();
        text.append(isSeparate ? " " : "");
      }
      text.append(word.text());
      boldChars += word.isBold() ? word.text().length() : 0;
      right = before == null ? word.right() : Math.max(right, word.right());
      largest = word.text().length() > largest.text().length() ? word : largest;
      before = word;
    }
    String plain = text.toString();
    String ordered = Rtl.isIn(plain) ? Rtl.logical(plain) : plain;
    return new Piece(
        Rtl.withoutShapes(ordered),
        words.getFirst().left(),
        right,
        largest.baseline(),
        largest.size(),
        2 * boldChars > text.length(),
        words.getFirst().blanks(),
        null);
  }
}
