package dev.throng.answer;

import dev.throng.admission.AdmissionRequest;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Hash;
import dev.throng.core.Priority;
import dev.throng.retrieval.DocumentFilter;
import java.text.Normalizer;

/**
 * A question as asked, checked in form.
 *
 * @param id names the request
 * @param text in the one spelling that its key and its prompt are made from: who asks in other
 *     blanks asks the same
 * @param topK passages wanted
 * @param limits where the answer wanted ends at the latest
 * @param priority when it has to wait; no part of what is asked
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

  /** Unicode NFC, trimmed, blanks collapsed. Not case, not punctuation: they may carry meaning. */
  static String normalised(String text) {
    String composed =
        Normalizer.isNormalized(text, Normalizer.Form.NFC)
            ? text
            : Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder collapsed = new StringBuilder(composed.length());
    boolean isBlank = true; // leading ones are dropped
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

  /** Of its text alone: the same whatever is asked for beside it. */
  Hash textHash() {
    return new Hash.Builder().add(text).build();
  }

  /** What it asks for when it has to wait, from now on. */
  AdmissionRequest admission() {
    return new AdmissionRequest(collection.tenant(), priority, deadline);
  }
}
