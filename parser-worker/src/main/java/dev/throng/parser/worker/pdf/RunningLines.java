package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds running heads, running feet and page numbers: lines at the edges of pages that several
 * pages have in the same place. They are equal, except for a number that grows with the page.
 */
final class RunningLines {
  /** Lines at each edge that are examined. */
  private static final int MAX_EDGE_LINES = 4;

  /** The part of a page's height at each edge that is examined. */
  private static final float EDGE = 0.25f;

  /** Further lines are not counted, so that memory is bounded. */
  private static final int MAX_KEYS = 300_000;

  /** Stands for a number in a variant, followed by its difference from the page's. */
  private static final char MARK = '\u0001';

  private static final int MAX_CHARS = 200;
  private static final int MAX_NUMBERS = 4;

  /** Places in the same band of this many points are equal, and so are neighbouring ones. */
  private static final float BAND = 5;

  private static final int LONG_DOCUMENT = 6;

  /** Lines in larger letters are titles, unless most pages have them. */
  private static final float TITLE_SIZE = 1.15f;

  /** Smaller letters than those of the body are of no heading. */
  private static final float SMALLER = 0.95f;

  /** The distance of lines of text, as a fraction of the size of their font, is smaller. */
  private static final float BODY_DISTANCE = 2.5f;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  /** What stands before a page number, and no other. */
  private static final Pattern PAGE_WORD =
      Pattern.compile("(?:page|seite|p\\.|s\\.|p\u00e1gina|pagina|sida|side|strona)\\s?$");

  /** What stands behind a page number, and no other. */
  private static final Pattern OF_TOTAL =
      Pattern.compile("^\\s?(?:/|of|von|de|di|av|af|z)\\s?\\d{1,4}(?!\\d)");

  private static final Pattern ROMAN =
      Pattern.compile("(?<![\\p{L}\\d])[ivxlc]{1,8}(?![\\p{L}\\d])");

  private static final Pattern PAGE_NUMBER =
      Pattern.compile(
          "[-\u2013\u2014\\s]{0,4}(?:page|seite|p\\.|s\\.|p\u00e1gina|pagina|sida|side|strona)?\\s?"
              + "(\\d{1,4})(?:\\s?(?:/|of|von|de|di|av|af|z)\\s?\\d{1,4})?[-\u2013\u2014.\\s]{0,4}");

  private final Map<String, Integer> counts = new HashMap<>();
  private int pages;

  /** A row at an edge of a page. */
  private record EdgeRow(List<Piece> pieces, boolean isTop, int band, boolean isNearBody) {
    String text() {
      String text = String.join(" ", pieces.stream().map(Piece::text).toList());
      return text.substring(0, Math.min(text.length(), MAX_CHARS)).toLowerCase(Locale.ROOT);
    }
  }

  /** Counts the lines at the edges of a page. */
  void count(int page, List<Piece> pieces, float height) {
    pages++;
    for (List<EdgeRow> edge : edges(pieces, height)) {
      for (EdgeRow row : edge) {
        for (String variant : variants(row.text(), page)) {
          String key = key(row, row.band(), variant);
          if (counts.size() < MAX_KEYS || counts.containsKey(key)) {
            counts.merge(key, 1, Integer::sum);
          }
        }
      }
    }
  }

  private static String key(EdgeRow row, int band, String variant) {
    return (row.isTop() ? "T" : "B") + band + " " + variant;
  }

  private static List<List<EdgeRow>> edges(List<Piece> pieces, float height) {
    List<List<Piece>> rows = Pieces.rows(pieces);
    List<EdgeRow> top = new ArrayList<>();
    List<EdgeRow> bottom = new ArrayList<>();
    for (int i = 0; i < Math.min(MAX_EDGE_LINES, rows.size()); i++) {
      List<Piece> row = rows.get(i);
      float place = row.getFirst().baseline();
      if (place < EDGE * height) {
        boolean isNear = i + 1 < rows.size() && isNear(row, rows.get(i + 1));
        top.add(new EdgeRow(row, true, (int) (place / BAND), isNear));
      }
      List<Piece> last = rows.get(rows.size() - 1 - i);
      float above = height - last.getFirst().baseline();
      if (above < EDGE * height) {
        boolean isNear = i + 1 < rows.size() && isNear(rows.get(rows.size() - 2 - i), last);
        bottom.add(new EdgeRow(last, false, (int) (above / BAND), isNear));
      }
    }
    return List.of(top, bottom);
  }

  private static boolean isNear(List<Piece> row, List<Piece> below) {
    float distance = below.getFirst().baseline() - row.getFirst().baseline();
    return distance < BODY_DISTANCE * Math.max(row.getFirst().size(), below.getFirst().size());
  }

  /** Returns a text as it stands, and with each number relative to the page's. */
  private static Set<String> variants(String text, int page) {
    Set<String> variants = new LinkedHashSet<>();
    variants.add(text);
    Matcher number = NUMBER.matcher(text);
    for (int i = 0; i < MAX_NUMBERS && number.find(); i++) {
      variants.add(replaced(text, number, Integer.parseInt(number.group()) - page));
    }
    Matcher roman = ROMAN.matcher(text);
    if (roman.find()) {
      variants.add(replaced(text, roman, Roman.value(roman.group()) - page));
    }
    return variants;
  }

  private static String replaced(String text, Matcher number, int difference) {
    return text.substring(0, number.start()) + MARK + difference + text.substring(number.end());
  }

  /** Returns the pieces of a page without those of running lines, unless there are no others. */
  List<Piece> without(int page, List<Piece> pieces, float height, float bodySize) {
    Set<Piece> running = new HashSet<>();
    for (List<EdgeRow> edge : edges(pieces, height)) {
      for (EdgeRow row : edge) {
        if (!isRunning(row, page, bodySize)) {
          break;
        }
        running.addAll(row.pieces());
      }
    }
    List<Piece> rest = pieces.stream().filter(piece -> !running.contains(piece)).toList();
    return rest.isEmpty() ? pieces : rest;
  }

  private boolean isRunning(EdgeRow row, int page, float bodySize) {
    String text = row.text();
    if (pages < 3) {
      Matcher number = PAGE_NUMBER.matcher(text);
      return number.matches() && Integer.parseInt(number.group(1)) == page && !row.isNearBody();
    }
    int most = 0;
    boolean isNumbered = false;
    for (String variant : variants(text, page)) {
      boolean isEqual = variant.equals(text);
      int count = isEqual || mayBePageNumber(row, variant, bodySize) ? count(row, variant) : 0;
      isNumbered |= count >= 2 && !isEqual;
      most = Math.max(most, count);
    }
    float size = row.pieces().getFirst().size();
    boolean isTitle = size > TITLE_SIZE * bodySize;
    boolean isText = row.isNearBody() && size >= SMALLER * bodySize;
    boolean isTableRow = row.pieces().size() > 2 && row.isNearBody() && !isNumbered;
    boolean isOfPages = most * 2 > pages || isNumbered || !(isTitle || isText);
    return most >= (pages >= LONG_DOCUMENT ? 3 : 2) && isOfPages && !isTableRow;
  }

  private int count(EdgeRow row, String variant) {
    int count = 0;
    for (int band = row.band() - 1; band <= row.band() + 1; band++) {
      count += counts.getOrDefault(key(row, band, variant), 0);
    }
    return count;
  }

  /**
   * Returns whether the number that a variant replaces may be that of a page, and not one that
   * counts the parts of a text.
   */
  private static boolean mayBePageNumber(EdgeRow row, String variant, float bodySize) {
    int start = variant.indexOf(MARK);
    int end = start + 1;
    while (end < variant.length() && "-0123456789".indexOf(variant.charAt(end)) >= 0) {
      end++;
    }
    String before = variant.substring(0, start);
    String after = variant.substring(end);
    boolean isMarked = PAGE_WORD.matcher(before).find() || OF_TOTAL.matcher(after).find();
    boolean isAtEdge = before.isBlank() || after.isBlank();
    boolean isAlone = TextShape.letters(before + after) == 0;
    boolean isOwnPiece = row.pieces().stream().anyMatch(RunningLines::isNumber);
    boolean isSmall = row.pieces().getFirst().size() < SMALLER * bodySize;
    return isMarked || (isAtEdge && (isAlone || isOwnPiece || isSmall));
  }

  private static boolean isNumber(Piece piece) {
    boolean hasNoLetters = piece.text().length() <= 8 && TextShape.letters(piece.text()) == 0;
    return hasNoLetters || ROMAN.matcher(piece.text()).matches();
  }
}
