package dev.throng.core;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;

/** The normal forms of text: one for what is stored and shown, others for what is compared. */
public final class UnicodeForms {
  private UnicodeForms() {}

  /** Returns text and names as they are stored: accents and syllables composed (NFC). */
  public static String composed(String text) {
    return normalized(text, Form.NFC);
  }

  /**
   * Returns text as it is embedded: also ligatures, full-width letters and the like as the letters
   * that they stand for (NFKC).
   */
  public static String compatible(String text) {
    return normalized(text, Form.NFKC);
  }

  /** Returns text as its words are compared: compatible, and without a difference of case. */
  public static String folded(String text) {
    return isAscii(text)
        ? text.toLowerCase(Locale.ROOT)
        // By way of upper case, in which letters are equal that have several lower-case forms.
        : compatible(text).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  private static String normalized(String text, Form form) {
    return isAscii(text) || Normalizer.isNormalized(text, form)
        ? text
        : Normalizer.normalize(text, form);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
