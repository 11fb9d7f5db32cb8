package dev.throng.answer;

import dev.throng.flight.StreamRecord;
import dev.throng.flight.StreamRecords;
import java.util.Optional;

/**
 * Answers that are sent as they are generated, and that a client can resume after the connection,
 * or the whole replica, was lost.
 */
public final class ResumableStreams {
  /** A stream that can be resumed. */
  public static final class StartedStream {
    private final StreamRecord record;

    private StartedStream(StreamRecord record) {
      this.record = record;
    }

    /** Returns the body of the request, as it was passed to {@link #begin}. */
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
   * Answers a question and records what was asked.
   *
   * @param body the request's body, from which the question can be parsed again
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION
   */
  public AnswerStream begin(Question question, String body) {
    records.keep(question.id(), new StreamRecord(tenant(question), body, null, 0));
    return answers.answer(question);
  }

  /** Records what the answer is made from. Must be called before any of it is sent. */
  public void recordSources(AnswerStream answer, String body) {
    Question question = answer.question();
    records.keep(
        question.id(),
        new StreamRecord(tenant(question), body, answer.fingerprint(), answer.epoch()));
  }

  /**
   * Finds a recorded stream.
   *
   * @return empty when it is unknown or belongs to another tenant
   */
  public Optional<StartedStream> find(String requestId, String tenant) {
    return records
        .find(requestId)
        .filter(record -> record.tenant().equals(tenant))
        .map(StartedStream::new);
  }

  /**
   * Continues the answer of a recorded stream, from the beginning. If it is the same answer, the
   * reader skips what the client has already received.
   *
   * @param question with the id of the request that started the stream
   * @throws dev.throng.core.ThrongException UNKNOWN_COLLECTION
   */
  public AnswerStream resume(Question question, StartedStream stream) {
    StreamRecord record = stream.record;
    return record.fingerprint() == null
        ? answers.answer(question)
        : answers.resume(question, record.fingerprint(), record.epoch());
  }

  private static String tenant(Question question) {
    return question.collection().tenant();
  }
}
