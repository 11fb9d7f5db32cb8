package dev.throng.parser.worker.pdf;

import dev.throng.parser.api.ParsedBlock.Kind;
import dev.throng.parser.worker.pdf.Piece.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the rows of tables. One that continues on the next page is the same table. */
final class GridRows {
  /** Rows before the header that have a single cell are captions. */
  private static final int MAX_CAPTIONS = 3;

  private static final Pattern YEAR = Pattern.compile("(?:FY |Q[1-4] ?)?(?:19|20)\\d\\d");

  private final Hyphenation hyphenation;
  private List<String> header = List.of();
  private int columns;
  private int lastPage;

  GridRows(Hyphenation hyphenation) {
    this.hyphenation = hyphenation;
  }

  /** Ends the last table, because other text follows it. */
  void end() {
    lastPage = 0;
  }

  List<Block> blocks(Grid grid, int page, Frame frame) {
    List<Block> blocks = new ArrayList<>();
    int first = 0;
    while (first < MAX_CAPTIONS
        && first + 1 < grid.rows().size()
        && Tables.filled(grid.rows().get(first)) == 1
        && Tables.filled(grid.rows().get(first + 1)) > 1) {
      blocks.add(row(grid.rows().get(first), Kind.PARAGRAPH, page, frame));
      first++;
    }
    List<String> top = texts(grid.rows().get(first));
    boolean mayContinue =
        lastPage > 0
            && page == lastPage + 1
            && top.size() == columns
            && first == 0
            && !header.isEmpty();
    boolean isRepeated = mayContinue && top.equals(header);
    boolean isContinued = isRepeated || (mayContinue && !isClearHeader(grid, first));
    boolean isHeader = !isContinued && isHeader(grid, first);
    if (isHeader) {
      header = top;
    } else if (!isContinued) {
      header = List.of();
    }
    for (int i = isRepeated ? first + 1 : first; i < grid.rows().size(); i++) {
      Kind kind = isHeader && i == first ? Kind.TABLE_HEADER : Kind.TABLE_ROW;
      if (Tables.filled(grid.rows().get(i)) > 0) {
        blocks.add(row(grid.rows().get(i), kind, page, frame));
      }
    }
    columns = top.size();
    lastPage = page;
    return blocks;
  }

  private List<String> texts(List<List<Piece>> row) {
    return row.stream().map(this::text).toList();
  }

  private String text(List<Piece> cell) {
    StringBuilder text = new StringBuilder();
    cell.forEach(piece -> hyphenation.append(text, piece.text()));
    return text.toString();
  }

  /** Returns whether a row names the columns of those below. */
  private boolean isHeader(Grid grid, int first) {
    List<String> cells = texts(grid.rows().get(first));
    long filled = cells.stream().filter(cell -> !cell.isEmpty()).count();
    long named = cells.stream().filter(cell -> TextShape.letters(cell) > 0).count();
    boolean isFollowed = grid.rows().size() >= first + 2;
    boolean isOfWords = filled > 1 && digits(cells) == 0;
    return isFollowed
        && ((filled > 1 && named * 2 >= filled && isBolder(grid, first))
            || (isOfWords && (cells.size() > 2 || isAboveNumbers(grid, first))));
  }

  /** Returns whether a row differs from the one below: it is bold, or has no numbers. */
  private boolean isClearHeader(Grid grid, int first) {
    if (grid.rows().size() < first + 2) {
      return false;
    }
    long below = digits(texts(grid.rows().get(first + 1)));
    return isBolder(grid, first) || (below > 0 && digits(texts(grid.rows().get(first))) == 0);
  }

  private static boolean isBolder(Grid grid, int first) {
    return isBold(grid.rows().get(first)) && !isBold(grid.rows().get(first + 1));
  }

  /** Returns whether all rows below have a number, of which there are at least two. */
  private boolean isAboveNumbers(Grid grid, int first) {
    List<List<List<Piece>>> below = grid.rows().subList(first + 1, grid.rows().size());
    return below.size() > 1 && below.stream().allMatch(row -> digits(texts(row)) > 0);
  }

  private static boolean isBold(List<List<Piece>> row) {
    return row.stream().flatMap(List::stream).allMatch(Piece::isBold);
  }

  /** Returns the number of cells with a number that is not a year. */
  private static long digits(List<String> cells) {
    return cells.stream()
        .filter(cell -> cell.codePoints().anyMatch(Character::isDigit))
        .filter(cell -> !YEAR.matcher(cell).matches())
        .count();
  }

  private Block row(List<List<Piece>> cells, Kind kind, int page, Frame frame) {
    Block block = new Block(kind, 0);
    StringBuilder text = block.builder();
    boolean isText = kind == Kind.PARAGRAPH;
    boolean isOneLine =
        cells.stream().allMatch(cell -> Pieces.rows(cell).size() < 2)
            && Pieces.rows(cells.stream().flatMap(List::stream).toList()).size() == 1;
    text.append(isText ? "" : "|");
    float left = Float.MAX_VALUE;
    float top = Float.MAX_VALUE;
    float right = -Float.MAX_VALUE;
    float bottom = -Float.MAX_VALUE;
    for (List<Piece> cell : cells) {
      text.append(isText ? "" : " ");
      StringBuilder content = new StringBuilder();
      for (Piece piece : cell) {
        hyphenation.append(content, piece.text());
        if (!isOneLine) {
          int offset = text.length() + content.length() - piece.text().length();
          block.start(block.hasLines() ? offset : 0, page, box(piece, frame));
        }
        left = Math.min(left, piece.left());
        top = Math.min(top, piece.top());
        right = Math.max(right, piece.right());
        bottom = Math.max(bottom, piece.bottom());
      }
      text.append(content).append(isText ? "" : " |");
    }
    if (isOneLine) {
      block.start(0, page, frame.onPage(left, top, right, bottom));
    }
    return block;
  }

  private static Frame.Box box(Piece piece, Frame frame) {
    return frame.onPage(piece.left(), piece.top(), piece.right(), piece.bottom());
  }
}
