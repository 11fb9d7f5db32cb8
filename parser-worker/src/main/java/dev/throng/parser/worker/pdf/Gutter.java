package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blank strip between two columns of running text. */
record Gutter(float left, float right) {
  /** Fewer rows beside each other may be anything. */
  private static final int MIN_ROWS = 3;

  /** Columns of tables hold shorter texts. */
  private static final int MIN_CHARS = 14;

  private static final int MIN_WORDS = 3;

  /** The share of lines that begin in the middle of a sentence, in running text. */
  private static final double MIN_CONTINUED = 0.25;

  /** The part of its column that a line fills at least on average, in running text. */
  private static final double MIN_FILL = 0.6;

  private static final double MANY_CHARS = 25;

  /** An end of a blank strip of a row. */
  private record Edge(float place, boolean isStart) {}

  /** Returns the most distinct one, or null when there are no columns of running text. */
  static @Nullable Gutter in(List<List<Piece>> rows) {
    Gutter beside = mostShared(gaps(rows));
    if (beside != null && beside.isBetweenText(rows)) {
      return beside;
    }
    Gutter between = mostShared(blanksBetweenSides(rows));
    return between != null && between.isBetweenIndependentText(rows) ? between : null;
  }

  private static List<Edge> gaps(List<List<Piece>> rows) {
    List<Edge> edges = new ArrayList<>();
    for (List<Piece> row : rows) {
      for (int i = 1; i < row.size(); i++) {
        float from = row.get(i - 1).right();
        float to = row.get(i).left();
        if (from < to) {
          edges.add(new Edge(from, true));
          edges.add(new Edge(to, false));
        }
      }
    }
    return edges;
  }

  /** Returns the blank strips left and right of rows, whose baselines differ in each column. */
  private static List<Edge> blanksBetweenSides(List<List<Piece>> rows) {
    float left = Float.MAX_VALUE;
    float right = -Float.MAX_VALUE;
    for (List<Piece> row : rows) {
      left = Math.min(left, row.getFirst().left());
      right = Math.max(right, row.getLast().right());
    }
    List<Edge> edges = gaps(rows);
    for (List<Piece> row : rows) {
      if (row.getFirst().left() - left > row.getFirst().size()) {
        edges.add(new Edge(left, true));
        edges.add(new Edge(row.getFirst().left(), false));
      }
      if (right - row.getLast().right() > row.getLast().size()) {
        edges.add(new Edge(row.getLast().right(), true));
        edges.add(new Edge(right, false));
      }
    }
    return edges;
  }

  /** Returns the strip that most blank strips share, or null when too few do. */
  private static @Nullable Gutter mostShared(List<Edge> edges) {
    edges.sort(Comparator.comparingDouble(Edge::place).thenComparing(Edge::isStart));
    int open = 0;
    int most = MIN_ROWS - 1;
    Gutter found = null;
    for (int i = 0; i < edges.size(); i++) {
      open += edges.get(i).isStart() ? 1 : -1;
      if (open > most && i + 1 < edges.size()) {
        most = open;
        found = new Gutter(edges.get(i).place(), edges.get(i + 1).place());
      }
    }
    return found;
  }

  private float center() {
    return (left + right) / 2;
  }

  boolean isCrossedBy(List<Piece> row) {
    return row.stream().anyMatch(piece -> piece.left() < center() && center() < piece.right());
  }

  List<List<Piece>> sideOf(List<List<Piece>> rows, boolean isLeft) {
    List<List<Piece>> side = new ArrayList<>();
    for (List<Piece> row : rows) {
      List<Piece> part =
          row.stream().filter(piece -> (piece.right() <= center()) == isLeft).toList();
      if (!part.isEmpty()) {
        side.add(new ArrayList<>(part));
      }
    }
    return side;
  }

  /** Returns whether the rows with text on both sides are lines of running text. */
  private boolean isBetweenText(List<List<Piece>> rows) {
    List<Piece> before = new ArrayList<>();
    List<Piece> after = new ArrayList<>();
    for (List<Piece> row : rows) {
      for (int i = 1; i < row.size(); i++) {
        if (row.get(i - 1).right() <= center() && row.get(i).left() >= center()) {
          before.add(row.get(i - 1));
          after.add(row.get(i));
        }
      }
    }
    return before.size() >= MIN_ROWS && isText(before) && isText(after);
  }

  /** Returns whether both sides have lines of running text, with different baselines. */
  private boolean isBetweenIndependentText(List<List<Piece>> rows) {
    List<List<Piece>> clear = rows.stream().filter(row -> !isCrossedBy(row)).toList();
    List<List<Piece>> before = sideOf(clear, true);
    List<List<Piece>> after = sideOf(clear, false);
    int shared = before.size() + after.size() - clear.size();
    int fewer = Math.min(before.size(), after.size());
    boolean isIndependent = fewer > MIN_ROWS && shared * 2 < fewer && overlaps(before, after);
    return isIndependent
        && (rows.size() - clear.size()) * 4 < fewer
        && isText(before.stream().map(List::getLast).toList())
        && isText(after.stream().map(List::getFirst).toList());
  }

  private static boolean overlaps(List<List<Piece>> one, List<List<Piece>> other) {
    float top = Math.max(one.getFirst().getFirst().top(), other.getFirst().getFirst().top());
    float bottom = Math.min(one.getLast().getFirst().bottom(), other.getLast().getFirst().bottom());
    float height = one.getLast().getFirst().bottom() - one.getFirst().getFirst().top();
    return bottom - top > height / 3;
  }

  private static boolean isText(List<Piece> lines) {
    float left = Float.MAX_VALUE;
    float right = -Float.MAX_VALUE;
    double chars = 0;
    double words = 0;
    double width = 0;
    double continued = 0;
    for (Piece line : lines) {
      left = Math.min(left, line.left());
      right = Math.max(right, line.right());
      chars += TextShape.weight(line.text());
      words += TextShape.words(line.text());
      width += line.width();
      continued += TextShape.startsInSentence(line.text()) ? 1 : 0;
    }
    int count = lines.size();
    boolean isFilled = width / count >= MIN_FILL * (right - left);
    return chars / count >= MIN_CHARS
        && words / count >= MIN_WORDS
        && (continued / count >= MIN_CONTINUED || (isFilled && chars / count >= MANY_CHARS));
  }
}
