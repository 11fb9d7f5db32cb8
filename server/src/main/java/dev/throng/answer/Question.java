package dev.throng.answer;

import dev.throng.admission.AdmissionRequest;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Hash;
import dev.throng.core.Priority;
import dev.throng.core.UnicodeForms;
import dev.throng.retrieval.DocumentFilter;

/**
 * A question as asked, with its form checked.
 *
 * @param id the id of the request
 * @param text normalised, so that questions that differ only in blanks have the same key and prompt
 * @param topK number of passages wanted
 * @param limits maximum length of the answer, and stop sequences
 * @param priority priority when the request has to wait; not part of the key
 */
public record Question(
    String id,
    CollectionRef collection,
    String text,
    int topK,
    DocumentFilter filter,
    AnswerLimits limits,
    Priority priority,
    Deadline deadline) {
  public Question {
    text = normalised(text);
  }

  /**
   * Returns the text in Unicode NFC, trimmed, with blanks collapsed. Case and punctuation are kept,
   * because they may carry meaning.
   */
  static String normalised(String text) {
    return isNormalised(text) ? text : normalisedSlowly(text);
  }

  /**
   * Recognises most normalised texts: printable ASCII, which is NFC, without superfluous blanks.
   */
  private static boolean isNormalised(String text) {
    boolean isBlank = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean wasBlank = isBlank;
      isBlank = c == ' ';
      if (c < ' ' || c > '~' || (isBlank && wasBlank)) {
        return false;
      }
    }
    return !isBlank;
  }

  private static String normalisedSlowly(String text) {
    String composed = UnicodeForms.composed(text);
    StringBuilder collapsed = new StringBuilder(composed.length());
    boolean isBlank = true; // drops leading blanks
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      boolean wasBlank = isBlank;
      isBlank = Character.isWhitespace(c) || Character.isSpaceChar(c);
      if (!isBlank) {
        collapsed.append(c);
      } else if (!wasBlank) {
        collapsed.append(' ');
      }
    }
    int length = collapsed.length();
    if (length > 0 && collapsed.charAt(length - 1) == ' ') {
      collapsed.setLength(length - 1);
    }
    return collapsed.toString();
  }

  /** Returns the hash of the text only, regardless of the other parts. */
  public Hash textHash() {
    return new Hash.Builder().add(text).build();
  }

  /** Returns a request for permits, whose age counts from now. */
  AdmissionRequest admission() {
    return new AdmissionRequest(collection.tenant(), priority, deadline);
  }
}
