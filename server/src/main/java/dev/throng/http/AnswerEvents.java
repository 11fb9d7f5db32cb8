package dev.throng.http;

import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.core.ErrorCode;
import dev.throng.core.TextPiece;
import dev.throng.core.ThrongException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an answer as server-sent events, from its start or from where a previous stream was cut
 * off.
 */
final class AnswerEvents {
  private static final Logger log = LoggerFactory.getLogger(AnswerEvents.class);

  private final Exchange exchange;
  private final AnswerStream answer;
  private final AnswerReader reader;
  private final LastEvent received;
  private final Runnable onSources;
  private final Duration heartbeatInterval;
  private String answerId;
  private int offset;

  /**
   * Creates the events of one answer.
   *
   * @param received the last event that the client already has
   * @param onSources called before sources are sent
   */
  AnswerEvents(
      Exchange exchange,
      AnswerStream answer,
      LastEvent received,
      Runnable onSources,
      Duration heartbeatInterval) {
    this.exchange = exchange;
    this.answer = answer;
    this.reader = AnswerReader.ofEvents(exchange, answer);
    this.received = received;
    this.onSources = onSources;
    this.heartbeatInterval = heartbeatInterval;
    this.answerId = answer.question().id();
  }

  /**
   * Sends the answer. Errors before the first event are ordinary responses; later ones are events.
   */
  void send() {
    Event first = reader.next();
    if (first instanceof Event.Sources sources) {
      checkSame(sources.answerId());
    }
    try (EventStream events = new EventStream(exchange)) {
      send(events, first);
    }
  }

  private void send(EventStream events, Event first) {
    Event event = first;
    try {
      while (true) {
        switch (event) {
          case Event.Queued queued ->
              events.event("queued", answerId + ":0", AnswerJson.queued(queued));
          case Event.Sources sources -> {
            checkSame(sources.answerId());
            answerId = sources.answerId();
            onSources.run();
            events.event("sources", answerId + ":0", AnswerJson.sources(sources.sources()));
          }
          case Event.Text text -> send(events, text.piece());
          case Event.Idle _ -> {
            events.flush();
            events.heartbeatEvery(heartbeatInterval);
          }
          case Event.Done done -> {
            String json =
                new String(
                    AnswerJson.encode(exchange, answer.question(), done), StandardCharsets.UTF_8);
            events.event("done", answerId + ":" + offset, json);
            return;
          }
        }
        event = nextToSend(events);
      }
    } catch (ThrongException e) {
      if (e.code().kind().isDetailPrivate()) {
        log.warn("request {}: {}: {}", exchange.id(), e.code().code(), e.getMessage());
      }
      exchange.noteFailure(e.code());
      String problem = new String(Problems.encode(e, exchange.id()), StandardCharsets.UTF_8);
      events.event("error", answerId + ":" + offset, problem);
    }
  }

  /**
   * Returns the next event to send. Events that are ready are gathered, and the stream is flushed
   * before it waits.
   */
  private Event nextToSend(EventStream events) {
    Event ready = reader.poll();
    if (!(ready instanceof Event.Idle)) {
      return ready;
    }
    events.flush();
    return reader.next();
  }

  private void send(EventStream events, TextPiece piece) {
    boolean isNew = offset >= received.offset();
    offset = piece.rawEnd();
    if (isNew) {
      events.event("token", answerId + ":" + offset, AnswerJson.token(piece.text()));
    } else if (offset > received.offset()) {
      throw expired("the text is now divided into other pieces");
    }
  }

  private void checkSame(String id) {
    if (received.offset() > 0 && !id.equals(received.answerId())) {
      throw expired("the question now has another answer");
    }
  }

  private ThrongException expired(String why) {
    return new ThrongException(
        ErrorCode.STREAM_EXPIRED, "Last-Event-ID: %s: %s".formatted(received, why));
  }
}
