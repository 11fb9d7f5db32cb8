package dev.throng.parser.worker;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects UTF-16 without a byte order mark. In Western text every other byte is zero. Text of other
 * scripts contains bytes that would be control characters in every other charset, in the blanks and
 * the punctuation between words. Read in the right byte order, it contains characters of few
 * scripts.
 */
final class Utf16 {
  /**
   * Minimum number of control bytes per 1000. Without any, the text is in a single-byte charset.
   */
  private static final int MIN_CONTROLS = 5;

  /** Minimum share of plain characters in the right byte order, of 100. */
  private static final int MIN_PLAIN = 95;

  private Utf16() {}

  /** Returns UTF-16LE or UTF-16BE, or null when it looks like neither. */
  static @Nullable Charset guess(byte[] sample) {
    int[] zeros = new int[2];
    int controls = 0;
    for (int i = 0; i < sample.length; i++) {
      zeros[i % 2] += sample[i] == 0 ? 1 : 0;
      controls += sample[i] >= 0 && sample[i] < ' ' && "\t\n\r\f".indexOf(sample[i]) < 0 ? 1 : 0;
    }
    int pairs = sample.length / 2;
    if (pairs > 1 && zeros[1] > pairs / 2 && zeros[0] < pairs / 10) {
      return StandardCharsets.UTF_16LE;
    }
    if (pairs > 1 && zeros[0] > pairs / 2 && zeros[1] < pairs / 10) {
      return StandardCharsets.UTF_16BE;
    }
    if (sample.length < 8 || (long) controls * 1_000 < (long) MIN_CONTROLS * sample.length) {
      return null;
    }
    int little = plain(sample, StandardCharsets.UTF_16LE);
    int big = plain(sample, StandardCharsets.UTF_16BE);
    if (Math.max(little, big) < MIN_PLAIN) {
      return null;
    }
    return little >= big ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
  }

  /**
   * Returns the percentage of characters that are letters of the two most common scripts, or are
   * between words. Random bytes give letters of all scripts.
   */
  private static int plain(byte[] sample, Charset charset) {
    String text = new String(sample, 0, sample.length & ~1, charset);
    Map<Character.UnicodeScript, Integer> ofScript = new EnumMap<>(Character.UnicodeScript.class);
    int between = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetter(c)) {
        ofScript.merge(scriptOf(c), 1, Integer::sum);
      } else if (isBetween(c)) {
        between++;
      }
    }
    int first = 0;
    int second = 0;
    for (int letters : ofScript.values()) {
      second = Math.max(second, Math.min(first, letters));
      first = Math.max(first, letters);
    }
    return between == 0 ? 0 : (int) (100L * (first + second + between) / text.length());
  }

  /** Returns the script of a character. Japanese uses three scripts, which count as one. */
  private static Character.UnicodeScript scriptOf(char c) {
    Character.UnicodeScript script = Character.UnicodeScript.of(c);
    boolean isKana =
        script == Character.UnicodeScript.HIRAGANA || script == Character.UnicodeScript.KATAKANA;
    return isKana ? Character.UnicodeScript.HAN : script;
  }

  /**
   * Returns whether a character is a blank, punctuation, a digit or a mark that is common in text.
   */
  private static boolean isBetween(char c) {
    boolean isAscii = c < 0x7F && (c >= ' ' || c == '\n' || c == '\r' || c == '\t');
    boolean isGeneral = c >= '\u2010' && c <= '\u203a';
    boolean isIdeographic = (c >= '\u3000' && c <= '\u301f') || (c >= '\uff01' && c <= '\uff5e');
    int type = Character.getType(c);
    return isAscii || isGeneral || isIdeographic || type == Character.NON_SPACING_MARK;
  }
}
