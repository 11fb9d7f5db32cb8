package dev.throng.answer;

import dev.throng.cache.StreamRecord;
import dev.throng.cache.StreamRecords;
import java.util.Optional;

/**
 * Answers that are sent as they are made, and can be taken up again when the connection, or the
 * whole replica, was lost.
 */
public final class ResumableStreams {
  /** A stream that can be taken up. */
  public static final class Begun {
    private final StreamRecord record;

    private Begun(StreamRecord record) {
      this.record = record;
    }

    /** Of the request, as it was given to {@link #begin}. */
    public String body() {
      return record.body();
    }
  }

  private final AnswerService answers;
  private final StreamRecords records;

  public ResumableStreams(AnswerService answers, StreamRecords records) {
    this.answers = answers;
    this.records = records;
  }

  /**
   * Answers a question, and notes what was asked.
   *
   * @param body of the request, from which the question can be made again
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION
   */
  public AnswerStream begin(Question question, String body) {
    records.keep(question.id(), new StreamRecord(tenant(question), body, null, 0));
    return answers.answer(question);
  }

  /** Notes what the answer is made from. To be called before any of it is sent. */
  public void recordSources(AnswerStream answer, String body) {
    Question question = answer.question();
    records.keep(
        question.id(),
        new StreamRecord(tenant(question), body, answer.fingerprint(), answer.epoch()));
  }

  /**
   * A stream that was begun.
   *
   * @return empty when it is not known, or was another tenant's
   */
  public Optional<Begun> find(String requestId, String tenant) {
    return records.find(requestId).filter(record -> record.tenant().equals(tenant)).map(Begun::new);
  }

  /**
   * Goes on with the answer to a question whose stream was begun, from its start: what was received
   * of it is the reader's to pass over, if it is the same answer.
   *
   * @param question with the id of the request that began the stream
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION
   */
  public AnswerStream resume(Question question, Begun stream) {
    StreamRecord record = stream.record;
    return record.fingerprint() == null
        ? answers.answer(question)
        : answers.resume(question, record.fingerprint(), record.epoch());
  }

  private static String tenant(Question question) {
    return question.collection().tenant();
  }
}
