package dev.throng.answer;

import dev.throng.admission.AdmissionRequest;
import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Hash;
import dev.throng.core.Priority;
import dev.throng.retrieval.DocumentFilter;

/**
 * A question as asked, with its form checked.
 *
 * @param id the id of the request
 * @param text normalised, so that questions that differ only in blanks have the same key and prompt
 * @param topK number of passages wanted
 * @param limits limits at which the answer ends
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
    text = QuestionKeys.normalised(text);
  }

  /** Returns the hash of the text only, regardless of the other parts. */
  Hash textHash() {
    return new Hash.Builder().add(text).build();
  }

  /** Returns a request for permits, whose age counts from now. */
  AdmissionRequest admission() {
    return new AdmissionRequest(collection.tenant(), priority, deadline);
  }
}
