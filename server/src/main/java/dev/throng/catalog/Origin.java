package dev.throng.catalog;

import java.util.Locale;

/** How a document came into its collection, which determines what may remove it. */
public enum Origin {
  /** A client sent it. It stays until it is deleted. */
  SENT,

  /**
   * It was read from a file on request. A sync that removes missing documents removes it when its
   * file is missing.
   */
  READ,

  /** It is in a folder that the collection follows, and is removed when its file is removed. */
  MIRRORED;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Origin of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
