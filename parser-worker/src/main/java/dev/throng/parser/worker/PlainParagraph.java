package dev.throng.parser.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines between two blank lines of plain text. They are a title, a table in columns, lines that
 * mean something each (settings, addresses, minutes, logs), or prose that was broken into lines.
 */
final class PlainParagraph {
  /** A paragraph that is no wider was not broken to fit a page. */
  private static final int NARROW = 40;

  private static final int MIN_ROWS = 3;

  /** A setting, a section, a comment, a time or date, or an item of a list. */
  private static final Pattern OWN_LINE =
      Pattern.compile(
          "\\s*(?:[#;]|\\[[^\\]]{1,80}\\]|[\\w.-]{1,40} ?[=:]\\s?\\S|\\d{1,4}[-:./]\\d|[-*\u2022] |\\d{1,3}[.)] ).*");

  private static final Pattern RULER = Pattern.compile("[-=+|_ ]*[-=_]{3,}[-=+|_ ]*");
  private static final Pattern COLUMN_GAP = Pattern.compile(" {2,}|\t+");
  private static final Pattern FIRST_WORD = Pattern.compile("\\s+");

  private final List<String> lines;

  private PlainParagraph(List<String> lines) {
    this.lines = lines;
  }

  /** Writes a paragraph, which may have no lines. */
  static void write(List<String> lines, TextBuilder text) {
    if (lines.isEmpty()) {
      return;
    }
    PlainParagraph paragraph = new PlainParagraph(lines);
    if (paragraph.isTitle()) {
      text.heading(lines.get(1).strip().startsWith("=") ? 1 : 2, lines.getFirst());
    } else if (!paragraph.writeTable(text)) {
      if (paragraph.hasOwnLines()) {
        lines.forEach(text::line);
      } else {
        text.paragraph(String.join("\n", lines));
      }
    }
  }

  private boolean isTitle() {
    return lines.size() == 2 && isRuler(lines.get(1)) && !isRuler(lines.getFirst());
  }

  private static boolean isRuler(String line) {
    return RULER.matcher(line).matches();
  }

  /** Writes the lines as rows if all of them have the same number of columns. */
  private boolean writeTable(TextBuilder text) {
    List<List<String>> rows = new ArrayList<>();
    boolean isRuled = false;
    for (String line : lines) {
      if (!isRuler(line)) {
        rows.add(List.of(COLUMN_GAP.split(line.strip(), -1)));
      } else {
        isRuled |= rows.size() == 1;
      }
    }
    int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
    boolean isTable =
        rows.size() >= MIN_ROWS
            && columns >= 2
            && rows.stream().allMatch(row -> row.size() == columns);
    if (!isTable) {
      return false;
    }
    boolean hasHeader = isRuled || (!hasDigit(rows.getFirst()) && hasDigit(rows.get(1)));
    for (int i = 0; i < rows.size(); i++) {
      text.tableRow(rows.get(i), hasHeader && i == 0);
    }
    return true;
  }

  private static boolean hasDigit(List<String> cells) {
    return cells.stream().anyMatch(cell -> cell.chars().anyMatch(Character::isDigit));
  }

  /** Returns whether the line ends mean something. */
  private boolean hasOwnLines() {
    int ends = lines.size() - 1;
    if (ends == 0) {
      return false;
    }
    long own = lines.stream().filter(line -> OWN_LINE.matcher(line).matches()).count();
    if (2 * own > lines.size()) {
      return true;
    }
    int widest = lines.stream().mapToInt(PlainParagraph::width).max().orElse(0);
    int continued = 0;
    int early = 0;
    for (int i = 0; i < ends; i++) {
      String next = lines.get(i + 1).stripLeading();
      continued += Character.isLowerCase(next.codePointAt(0)) ? 1 : 0;
      // A line that had room for the next word was not broken because it was full.
      early += width(lines.get(i)) + 1 + width(firstWord(next)) <= widest ? 1 : 0;
    }
    boolean isProse = 2 * continued > ends;
    return !isProse && (widest <= NARROW || 3 * early > ends);
  }

  private static String firstWord(String line) {
    boolean isWide = width(line.substring(0, line.offsetByCodePoints(0, 1))) > 1;
    return isWide
        ? line.substring(0, line.offsetByCodePoints(0, 1)) // such scripts break anywhere
        : FIRST_WORD.split(line, 2)[0];
  }

  /** Returns the width in columns. Chinese, Japanese and Korean characters take two. */
  private static int width(String line) {
    return line.codePoints()
        .map(c -> (c >= 0x1100 && Character.isIdeographic(c)) || isKana(c) ? 2 : 1)
        .sum();
  }

  private static boolean isKana(int c) {
    return (c >= 0x3040 && c <= 0x30FF)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0x3000 && c <= 0x303F);
  }
}
