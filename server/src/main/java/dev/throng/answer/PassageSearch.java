package dev.throng.answer;

import dev.throng.admission.Admission;
import dev.throng.admission.Admission.Expected;
import dev.throng.admission.Admission.Permit;
import dev.throng.admission.AdmissionRequest;
import dev.throng.admission.QueueListener;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Passage;
import dev.throng.core.Priority;
import dev.throng.core.Span;
import dev.throng.core.TextRange;
import dev.throng.core.Words;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retrieved;
import dev.throng.retrieval.Retriever;
import java.util.List;

/** Searches in the queue that all retrievals share, whether or not an answer is wanted. */
public final class PassageSearch {
  /** Without stemming, because only parts of one passage are compared. */
  private static final String ANY_LANGUAGE = "none";

  private final Retriever retriever;
  private final Admission retrievals;
  private final Words words;

  public PassageSearch(Retriever retriever, Admission retrievals, Words words) {
    this.retriever = retriever;
    this.retrievals = retrievals;
    this.words = words;
  }

  /**
   * Returns the passages for a question's prompt.
   *
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION, OVERLOADED
   */
  Retrieved forPrompt(Question question, AdmissionRequest admission) {
    try (Permit _ = retrievals.admit(admission, QueueListener.NONE)) {
      return retrieve(question);
    }
  }

  /**
   * Like {@link #forPrompt}, for a question that can only be answered by a generation. While no
   * generation is possible, it does not search: it waits for a backend to return, or is refused.
   *
   * @throws dev.throng.core.ThrongException also BACKEND_UNREACHABLE, when no backend returned
   */
  Retrieved forGeneration(Question question, AdmissionRequest admission, Admission generations) {
    while (true) {
      try (Expected generation = generations.expect(admission);
          Permit _ = retrievals.admit(admission, QueueListener.NONE)) {
        if (generation.isWorthwhile()) {
          return retrieve(question);
        }
      } // the situation may have changed during the wait
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
   * Returns the best chunks individually.
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

  /**
   * Returns where the part of a passage stands that has most of the question's words; where the
   * whole passage stands when no part has enough of them.
   */
  public List<Span> matching(String question, Passage passage) {
    if (passage.spans().size() == 1) {
      return passage.spans();
    }
    List<TextRange> parts =
        new CitationAlignment(words, ANY_LANGUAGE, passage).supporting(question);
    return parts.isEmpty() ? passage.spans() : passage.spansOf(parts);
  }
}
