package dev.throng.parser.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;

/** The numbers of the items of OpenDocument lists (OpenDocument 1.3, part 3, 16.31). */
final class OdfLists {
  private static final String TEXT = OdfContent.TEXT;
  private static final String STYLE = OdfContent.STYLE;
  private static final int MAX_STYLES = 100_000;
  private static final int MAX_NUMBER = 1_000_000;
  private static final int LETTERS = 26;
  private static final int MAX_ROMAN = 3_999;
  private static final List<String> ROMAN =
      List.of("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i");
  private static final List<Integer> ROMAN_VALUES =
      List.of(1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1);

  /** How a level of a list is numbered. */
  private record Level(String prefix, String format, String suffix, int start) {}

  /** The levels of list styles by the style's name and the level. */
  private final Map<String, Level> levels = new HashMap<>();

  /** The open lists, innermost first. */
  private final Deque<OpenList> open = new ArrayDeque<>();

  private String style = "";

  private static final class OpenList {
    private final String style;
    private final @Nullable Level level;
    private int next;

    OpenList(String style, @Nullable Level level) {
      this.style = style;
      this.level = level;
      this.next = level == null ? 1 : level.start();
    }
  }

  void beginStyle(Attributes attributes) {
    style = String.valueOf(attributes.getValue(STYLE, "name"));
  }

  /** Adds a numbered level of the current style. */
  void level(Attributes attributes) {
    String format = attributes.getValue(STYLE, "num-format");
    String number = attributes.getValue(TEXT, "level");
    if (format == null || format.isEmpty() || number == null || levels.size() == MAX_STYLES) {
      return;
    }
    Level level =
        new Level(
            orEmpty(attributes.getValue(STYLE, "num-prefix")),
            format,
            orEmpty(attributes.getValue(STYLE, "num-suffix")),
            XmlEvents.number(attributes.getValue(TEXT, "start-value"), 1, MAX_NUMBER));
    levels.put(key(style, number), level);
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String key(String style, String level) {
    return level + " " + style;
  }

  /** Begins a list, in the style of the list around it if it names none. */
  void begin(@Nullable String named) {
    OpenList around = open.peek();
    String found = named == null ? (around == null ? "" : around.style) : named;
    open.push(new OpenList(found, levels.get(key(found, Integer.toString(open.size() + 1)))));
  }

  void end() {
    open.poll();
  }

  /**
   * Begins an item.
   *
   * @return its number with a blank, or nothing for an item with a bullet
   */
  String number(@Nullable String start) {
    OpenList list = open.peek();
    if (list == null || list.level == null) {
      return "";
    }
    int number = start == null ? list.next : XmlEvents.number(start, 0, MAX_NUMBER);
    list.next = number + 1;
    Level level = list.level;
    String shown = level.prefix() + formatted(number, level.format()) + level.suffix();
    return shown.stripTrailing() + " ";
  }

  private static String formatted(int number, String format) {
    return switch (format) {
      case "a" -> letters(number);
      case "A" -> letters(number).toUpperCase(Locale.ROOT);
      case "i" -> roman(number);
      case "I" -> roman(number).toUpperCase(Locale.ROOT);
      default -> Integer.toString(number);
    };
  }

  private static String letters(int number) {
    StringBuilder letters = new StringBuilder();
    for (int rest = number; rest > 0; rest = (rest - 1) / LETTERS) {
      letters.insert(0, (char) ('a' + (rest - 1) % LETTERS));
    }
    return letters.toString();
  }

  private static String roman(int number) {
    StringBuilder letters = new StringBuilder();
    int rest = Math.min(number, MAX_ROMAN);
    for (int i = 0; i < ROMAN.size(); i++) {
      while (rest >= ROMAN_VALUES.get(i)) {
        letters.append(ROMAN.get(i));
        rest -= ROMAN_VALUES.get(i);
      }
    }
    return letters.toString();
  }
}
