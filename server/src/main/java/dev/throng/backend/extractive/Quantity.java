package dev.throng.backend.extractive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quantity of a question, such as "3 years" or "20,000 euros". Rules often give it as a range,
 * whose numbers are others: "more than 2 and up to 8 years". English and German.
 *
 * @param unit the beginning of its unit in lower case
 */
record Quantity(double value, String unit) {
  private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

  private static final String NUMBER = "(?<![\\p{L}\\d.,:-])(\\d{1,3}(?:[,. ]\\d{3}){1,6}|\\d+)";

  private static final Pattern ASKED =
      Pattern.compile(
          "(\\p{Sc}\\s?)?(?:" + NUMBER + "|\\b([a-zäöüß]{3,7})\\b)\\s?(%|\\p{Sc}|\\p{L}{3,})?",
          FLAGS);

  private static final Pattern NUMBERS = Pattern.compile(NUMBER, FLAGS);

  private static final Map<String, Integer> WORDS =
      Map.ofEntries(
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("twelve", 12),
          Map.entry("fifteen", 15),
          Map.entry("twenty", 20));

  private static final Pattern AT_MOST_BEFORE =
      Pattern.compile(
          "(?:up to|at most|no more than|not more than|under|below|less than|fewer than|bis zu"
              + "|bis|höchstens|unter|weniger als)\\s*\\p{Sc}?\\s?$",
          FLAGS);

  private static final Pattern AT_LEAST_BEFORE =
      Pattern.compile(
          "(?:more than|over|above|from|at least|between|mehr als|über|ab|von|zwischen)"
              + "\\s*\\p{Sc}?\\s?$",
          FLAGS);

  private static final Pattern AT_LEAST_AFTER =
      Pattern.compile(
          "^[^\\d;.]{0,10}?\\b(?:or|and|oder|und) (?:more|above|longer|mehr|länger)", FLAGS);

  private static final Pattern BETWEEN =
      Pattern.compile(
          "^[^\\d;.]{0,12}?(?:\\bto\\b|–|-|\\bup to\\b|\\bbis\\b|\\band\\b|\\bund\\b)"
              + "(?: (?:up to|at most|not more than|bis zu))?\\s*\\p{Sc}?\\s?$",
          FLAGS);

  private static final Pattern MONEY_BEFORE = Pattern.compile("\\p{Sc}\\s?$");
  private static final Pattern MONEY_AFTER = Pattern.compile("^\\s?(?:\\p{Sc}|euro|eur\\b)", FLAGS);
  private static final String MONEY = "€";
  private static final int UNIT_CHARS = 4;

  /** Returns the quantity of a question; empty when it has none or several. */
  static Optional<Quantity> of(String question) {
    List<Quantity> found = new ArrayList<>();
    Matcher asked = ASKED.matcher(question);
    while (asked.find()) {
      boolean isNumber = asked.group(2) != null;
      Integer word = isNumber ? null : WORDS.get(asked.group(3).toLowerCase(Locale.ROOT));
      String unit = asked.group(1) != null ? MONEY : asked.group(4);
      if (unit != null && (isNumber || word != null)) {
        double value = word == null ? value(asked.group(2)) : word;
        found.add(new Quantity(value, unit(unit)));
      } else if (!isNumber && asked.end(3) < asked.end()) {
        asked.region(asked.end(3), question.length()); // the next word may be a number
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static double value(String number) {
    return Double.parseDouble(number.replaceAll("[,. ]", ""));
  }

  private static String unit(String word) {
    String unit = word.strip().toLowerCase(Locale.ROOT);
    boolean isMoney = unit.startsWith("euro") || unit.equals("eur");
    return isMoney ? MONEY : unit.substring(0, Math.min(UNIT_CHARS, unit.length()));
  }

  /**
   * Returns 1 when it lies within a range of its unit in the text, -1 when there are only others,
   * and 0 when there is none.
   */
  int fit(String text) {
    int fit = 0;
    for (String cell : text.split(";", -1)) {
      if (cell.toLowerCase(Locale.ROOT).contains(unit)) {
        for (double[] range : ranges(cell)) {
          if (value >= range[0] && value <= range[1]) {
            return 1;
          }
          fit = -1;
        }
      }
    }
    return fit;
  }

  private List<double[]> ranges(String cell) {
    List<double[]> ranges = new ArrayList<>();
    Matcher numbers = NUMBERS.matcher(cell);
    int before = 0;
    double lower = Double.NaN; // of a range whose end may follow
    while (numbers.find()) {
      String between = cell.substring(before, numbers.start());
      if (!unit.equals(MONEY) && isMoney(between, cell.substring(numbers.end()))) {
        continue;
      }
      double number = value(numbers.group(1));
      if (!Double.isNaN(lower) && BETWEEN.matcher(between).find()) {
        ranges.add(new double[] {lower, number});
        lower = Double.NaN;
      } else {
        addOpen(ranges, lower);
        boolean isUpper = AT_MOST_BEFORE.matcher(between).find();
        lower = isUpper ? Double.NaN : number;
        if (isUpper) {
          ranges.add(new double[] {0, number});
        } else if (!AT_LEAST_BEFORE.matcher(between).find()
            && !AT_LEAST_AFTER.matcher(cell.substring(numbers.end())).find()
            && !startsRange(cell, numbers.end())) {
          lower = Double.NaN;
        }
      }
      before = numbers.end();
    }
    addOpen(ranges, lower);
    return ranges;
  }

  private static boolean isMoney(String before, String after) {
    return MONEY_BEFORE.matcher(before).find() || MONEY_AFTER.matcher(after).find();
  }

  private static boolean startsRange(String cell, int from) {
    Matcher next = NUMBERS.matcher(cell);
    return next.find(from) && BETWEEN.matcher(cell.substring(from, next.start())).find();
  }

  private static void addOpen(List<double[]> ranges, double lower) {
    if (!Double.isNaN(lower)) {
      ranges.add(new double[] {lower, Double.POSITIVE_INFINITY});
    }
  }
}
