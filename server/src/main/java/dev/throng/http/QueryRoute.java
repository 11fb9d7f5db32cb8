package dev.throng.http;

import dev.throng.answer.AnswerService;
import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.Question;
import dev.throng.answer.ResumableStreams;
import dev.throng.answer.ResumableStreams.StartedStream;
import dev.throng.answer.Timings;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.ValidatedAnswer;
import dev.throng.http.Route.Access;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * POST /query: answers one question as JSON or as an event stream. GET /query/{id}/events: sends
 * the rest of a stream that was cut off, from any replica.
 */
public final class QueryRoute {
  private final AnswerService answers;
  private final ResumableStreams streams;
  private final TenantResolver tenants;
  private final QuestionReader questions;

  public QueryRoute(
      AnswerService answers,
      ResumableStreams streams,
      TenantResolver tenants,
      QuestionReader questions) {
    this.answers = answers;
    this.streams = streams;
    this.tenants = tenants;
    this.questions = questions;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/query", Access.QUESTION, this::handle),
        Route.get("/query/{id}/events", Access.QUESTION, this::resume));
  }

  private void handle(Exchange exchange) {
    exchange.checkAcceptable();
    String tenant = tenants.resolve(exchange);
    byte[] body = exchange.readJson(questions.rules().server().requests().maxBytes());
    QueryRequest request = questions.parse(body, tenant);
    Question question = questions.question(exchange.id(), request);
    if (request.stream() || exchange.acceptsEventStream()) {
      String asked = new String(body, StandardCharsets.UTF_8);
      try (AnswerStream answer = streams.begin(question, asked)) {
        sendEvents(exchange, answer, LastEvent.NONE, asked);
      }
    } else {
      try (AnswerStream answer = answers.answer(question)) {
        sendJson(exchange, answer);
      }
    }
  }

  /** Continues a stream. */
  private void resume(Exchange exchange) {
    String id = exchange.pathParameter("id");
    LastEvent received = LastEvent.parse(exchange.header(LastEvent.HEADER).orElse(""));
    String tenant = tenants.resolve(exchange);
    StartedStream stream =
        streams
            .find(id, tenant)
            .orElseThrow(() ->
                new ThrongException(
                    ErrorCode.UNKNOWN_STREAM, "no stream of request %.64s".formatted(id)));
    QueryRequest request = questions.parse(stream.body().getBytes(StandardCharsets.UTF_8), tenant);
    try (AnswerStream answer = streams.resume(questions.question(id, request), stream)) {
      sendEvents(exchange, answer, received, stream.body());
    }
  }

  private static void sendJson(Exchange exchange, AnswerStream answer) {
    ValidatedAnswer hit = answer.hit();
    if (hit != null) {
      send(exchange, answer, new Event.Done(hit, true, Timings.NONE));
      answer.hitSent();
      return;
    }
    AnswerReader reader = AnswerReader.ofWhole(exchange, answer);
    while (true) {
      if (reader.next() instanceof Event.Done done) {
        send(exchange, answer, done);
        return;
      }
    }
  }

  private static void send(Exchange exchange, AnswerStream answer, Event.Done done) {
    exchange.sendJson(AnswerJson.encode(exchange, answer.question(), done));
  }

  /** Records what the answer is made from before any of it is sent. */
  private void sendEvents(
      Exchange exchange, AnswerStream answer, LastEvent received, String asked) {
    Runnable note = () -> streams.recordSources(answer, asked);
    new AnswerEvents(
            exchange, answer, received, note, questions.rules().server().heartbeatInterval())
        .send();
  }
}
