package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Expected;
import dev.throng.admission.Admission.Permit;
import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.QueueListener;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Priority;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retriever;

/** Searches in the one queue that all retrievals wait in, with an answer in view or without. */
public final class PassageSearch {
  private final Retriever retriever;
  private final Admission retrievals;

  public PassageSearch(Retriever retriever, Admission retrievals) {
    this.retriever = retriever;
    this.retrievals = retrievals;
  }

  /**
   * The passages for a question's prompt.
   *
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, OVERLOADED
   */
  Retrieved forPrompt(Question question, AdmissionRequest admission) {
    try (Permit _ = retrievals.admit(admission, QueueListener.NONE)) {
      return retrieve(question);
    }
  }

  /**
   * As above, for a question that only a generation can answer. No search is made for it while
   * there can be none: it waits for a backend to come back, or is refused.
   *
   * @throws dev.throng.core.ThrongException also BACKEND_UNREACHABLE, when none came back
   */
  Retrieved forGeneration(Question question, AdmissionRequest admission, Admission generations) {
    while (true) {
      try (Expected generation = generations.expect(admission);
          Permit _ = retrievals.admit(admission, QueueListener.NONE)) {
        if (generation.isWorthwhile()) {
          return retrieve(question);
        }
      } // things have changed while it waited for its turn
    }
  }

  private Retrieved retrieve(Question question) {
    return retriever.retrieve(
        question.collection(),
        question.text(),
        question.topK(),
        question.filter(),
        question.deadline());
  }

  /**
   * The best chunks one by one.
   *
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, OVERLOADED
   */
  public Retrieved search(
      CollectionRef collection,
      String question,
      int topK,
      DocumentFilter filter,
      Deadline deadline) {
    AdmissionRequest request =
        new AdmissionRequest(collection.tenant(), Priority.INTERACTIVE, deadline);
    try (Permit _ = retrievals.admit(request, QueueListener.NONE)) {
      return retriever.search(collection, question, topK, filter, deadline);
    }
  }
}
