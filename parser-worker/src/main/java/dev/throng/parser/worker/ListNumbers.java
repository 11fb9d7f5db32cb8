package dev.throng.parser.worker;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The marks of the items of a list: numbers, letters, or a dash. */
final class ListNumbers {
  static final String DASH = "-";

  private static final int MAX_ROMAN = 3_999;
  private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
  private static final String[] ROMAN_DIGITS = {
    "M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"
  };

  private final @Nullable String type;
  private final int step;
  private int next;

  private ListNumbers(@Nullable String type, int next, int step) {
    this.type = type;
    this.next = next;
    this.step = step;
  }

  /** Returns the marks of a list without numbers. */
  static ListNumbers dashes() {
    return new ListNumbers(null, 0, 0);
  }

  /**
   * Returns the numbers of a list.
   *
   * @param type {@code 1}, {@code a}, {@code A}, {@code i} or {@code I}, as HTML has it. Anything
   *     else means decimal numbers
   * @param first the number of the first item
   * @param step from an item to the next one
   */
  static ListNumbers of(String type, int first, int step) {
    return new ListNumbers(type, first, step);
  }

  /** Makes a number the next one, if it is an integer. */
  void continueAt(String value) {
    next = parsed(value, next);
  }

  /** Returns the integer that a text contains, otherwise another one. */
  static int parsed(String value, int otherwise) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /** Returns the mark of the next item, such as {@code 3.}, {@code b.} or {@code -}. */
  String next() {
    if (type == null) {
      return DASH;
    }
    int number = next;
    next += step;
    return switch (type) {
          case "a" -> letters(number);
          case "A" -> letters(number).toUpperCase(Locale.ROOT);
          case "i" -> roman(number).toLowerCase(Locale.ROOT);
          case "I" -> roman(number);
          default -> Integer.toString(number);
        }
        + ".";
  }

  private static String letters(int number) {
    if (number < 1) {
      return Integer.toString(number);
    }
    StringBuilder letters = new StringBuilder();
    for (int rest = number; rest > 0; rest = (rest - 1) / 26) {
      letters.append((char) ('a' + (rest - 1) % 26));
    }
    return letters.reverse().toString();
  }

  private static String roman(int number) {
    if (number < 1 || number > MAX_ROMAN) {
      return Integer.toString(number);
    }
    StringBuilder digits = new StringBuilder();
    int rest = number;
    for (int i = 0; i < ROMAN_VALUES.length; i++) {
      while (rest >= ROMAN_VALUES[i]) {
        digits.append(ROMAN_DIGITS[i]);
        rest -= ROMAN_VALUES[i];
      }
    }
    return digits.toString();
  }
}
