package dev.throng.parser.worker.pdf;

import java.util.List;

/**
 * A line of running text.
 *
 * @param hasGap whether it consists of parts with a wide gap between them
 * @param columnLeft where the lines of its column begin
 * @param columnRight where they end at most
 * @param column identifies its column, also among those of other pages
 */
record Line(
    String text,
    float left,
    float right,
    float baseline,
    float size,
    boolean isBold,
    boolean hasGap,
    float columnLeft,
    float columnRight,
    int column)
    implements Item {

  /** Returns the pieces of a row as a line. */
  static Line of(List<Piece> row, float columnLeft, float columnRight, int column) {
    Piece first = row.getFirst();
    Piece largest = first;
    float right = first.right();
    int boldChars = 0;
    for (Piece piece : row) {
      right = Math.max(right, piece.right());
      boldChars += piece.isBold() ? piece.text().length() : 0;
      largest = piece.text().length() > largest.text().length() ? piece : largest;
    }
    String text = text(row);
    return new Line(
        text,
        first.left(),
        right,
        largest.baseline(),
        largest.size(),
        2 * boldChars > text.length(),
        row.size() > 1,
        columnLeft,
        columnRight,
        column);
  }

  private static String text(List<Piece> row) {
    List<String> texts = row.stream().map(Piece::text).toList();
    return String.join(" ", texts.stream().anyMatch(Rtl::isMostly) ? texts.reversed() : texts);
  }

  float top() {
    return baseline - Piece.ASCENT * size;
  }

  float bottom() {
    return baseline + Piece.DESCENT * size;
  }

  float width() {
    return right - left;
  }

  float columnWidth() {
    return columnRight - columnLeft;
  }
}
