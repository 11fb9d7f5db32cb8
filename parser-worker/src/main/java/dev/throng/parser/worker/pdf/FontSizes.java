package dev.throng.parser.worker.pdf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sizes of a document's letters: those of its body, and larger ones of its headings. */
final class FontSizes {
  /** Headings that are distinguished by size only are at least this much larger than the body. */
  static final float HEADING = 1.15f;

  /** Where most text is not of the body's size, such as that of a scan, sizes say little. */
  private static final float HEADING_OF_MIXTURE = 1.6f;

  /** Sizes that differ by less are of the same rank. */
  private static final float SAME = 1.05f;

  private static final float DEFAULT_BODY = 10;

  private final Map<Integer, Long> charsBySize = new HashMap<>();
  private long chars;
  private long boldChars;
  private float body = DEFAULT_BODY;
  private float heading = HEADING * DEFAULT_BODY;
  private final List<Float> ranks = new ArrayList<>();

  void add(Piece piece) {
    int length = piece.text().length();
    charsBySize.merge(Math.round(piece.size() * 4), (long) length, Long::sum);
    chars += length;
    boldChars += piece.isBold() ? length : 0;
  }

  /** Determines the sizes of the text that was added. */
  void settle() {
    ranks.clear();
    long most = 0;
    TreeMap<Integer, Long> sorted = new TreeMap<>(charsBySize);
    for (Map.Entry<Integer, Long> size : sorted.entrySet()) {
      if (size.getValue() > most) {
        most = size.getValue();
        body = size.getKey() / 4f;
      }
    }
    long ofBody = 0;
    for (Map.Entry<Integer, Long> size : sorted.entrySet()) {
      boolean isOfBody = Math.abs(size.getKey() / 4f - body) <= 0.12f * body;
      ofBody += isOfBody ? size.getValue() : 0;
    }
    heading = (ofBody * 2 < chars ? HEADING_OF_MIXTURE : HEADING) * body;
    float last = Float.MAX_VALUE;
    for (int size : sorted.descendingKeySet()) {
      float points = size / 4f;
      if (points >= heading && last > SAME * points) {
        ranks.add(points);
        last = points;
      }
    }
  }

  float body() {
    return body;
  }

  boolean isHeading(float size) {
    return size >= heading;
  }

  /** Returns whether bold lines stand out. */
  boolean isBoldRare() {
    return boldChars * 5 < chars * 2;
  }

  /** Returns the number of sizes that are larger than the body's. */
  int headingRanks() {
    return ranks.size();
  }

  /** Returns the level of a heading, 1 to 6, by its size. */
  int level(float size) {
    int level = 1;
    for (float rank : ranks) {
      if (size * SAME >= rank) {
        return Math.min(6, level);
      }
      level++;
    }
    return Math.min(6, level);
  }
}
