package dev.throng.http;

import dev.throng.core.ThrongException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last event that a client has received, from its {@code Last-Event-ID} header.
 *
 * @param answerId "" when it has received none
 * @param offset characters of raw text
 */
record LastEvent(String answerId, int offset) {
  static final LastEvent NONE = new LastEvent("", 0);

  static final String HEADER = "Last-Event-ID";

  /** Ids are short, and an offset is at most that of the longest answer. */
  private static final Pattern FORM = Pattern.compile("([0-9A-Za-z_-]{1,64}):(\\d{1,9})");

  /**
   * Parses the header.
   *
   * @param header "" when the client sent none
   */
  static LastEvent parse(String header) {
    if (header.isBlank()) {
      return NONE;
    }
    Matcher parts = FORM.matcher(header.strip());
    if (!parts.matches()) {
      throw ThrongException.invalidField(
          "Last-Event-ID", "not the id of an event", "ANSWER_ID:OFFSET, as events have it");
    }
    return new LastEvent(parts.group(1), Integer.parseInt(parts.group(2)));
  }

  @Override
  public String toString() {
    return answerId + ":" + offset;
  }
}
