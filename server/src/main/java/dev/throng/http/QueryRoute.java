package dev.throng.http;

import dev.throng.answer.AnswerService;
import dev.throng.answer.AnswerStream;
import dev.throng.answer.AnswerStream.Event;
import dev.throng.answer.Question;
import dev.throng.answer.Timings;
import dev.throng.backend.Generator;
import dev.throng.cache.ValidatedAnswer;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** POST /query: one question, answered as JSON or as an event stream. */
final class QueryRoute {
  /** How soon a hang-up is noticed while nothing else happens. */
  private static final Duration CLIENT_CHECK_INTERVAL = Duration.ofMillis(100);

  private final AnswerService answers;
  private final Generator generator;
  private final TenantResolver tenants;
  private final QueryRequest.Rules rules;

  QueryRoute(
      AnswerService answers,
      Generator generator,
      TenantResolver tenants,
      QueryRequest.Rules rules) {
    this.answers = answers;
    this.generator = generator;
    this.tenants = tenants;
    this.rules = rules;
  }

  void handle(Exchange exchange) {
    exchange.checkAcceptable();
    QueryRequest request =
        QueryRequest.forQuery(
            exchange.readJson(rules.server().maxRequestBytes()),
            tenants.resolve(exchange.request()),
            rules,
            generator.maxTokens());
    Question question =
        new Question(
            exchange.id(),
            request.collection(),
            request.queries().getFirst(),
            request.topK(),
            request.filter(),
            new AnswerLimits(request.maxTokens().orElse(generator.maxTokens()), request.stop()),
            request.priority(),
            Deadline.after(Ticker.system(), rules.answer().timeout()));
    try (AnswerStream answer = answers.answer(question)) {
      if (request.stream() || exchange.acceptsEventStream()) {
        sendEvents(exchange, answer);
      } else {
        sendJson(exchange, answer);
      }
    }
  }

  private static void sendJson(Exchange exchange, AnswerStream answer) {
    ValidatedAnswer hit = answer.hit();
    if (hit != null) {
      exchange.sendJson(encode(exchange, answer, new Event.Done(hit, true, Timings.NONE)));
      return;
    }
    // Most answers that need no generation are ready at once; then nobody is watched.
    BooleanSupplier isClientGone = () -> false;
    long watchAtNanos = System.nanoTime() + CLIENT_CHECK_INTERVAL.toNanos();
    boolean isWatched = false;
    while (true) {
      if (next(answer, CLIENT_CHECK_INTERVAL, isClientGone) instanceof Event.Done done) {
        exchange.sendJson(encode(exchange, answer, done));
        return;
      }
      if (!isWatched && System.nanoTime() - watchAtNanos >= 0) {
        isClientGone = exchange.watchClient();
        isWatched = true;
      }
    }
  }

  /** Errors before the first event are plain responses; later ones are events. */
  private void sendEvents(Exchange exchange, AnswerStream answer) {
    BooleanSupplier isClientGone = answer.hit() == null ? exchange.watchClient() : () -> false;
    Event first = next(answer, CLIENT_CHECK_INTERVAL, isClientGone);
    try (EventStream events = new EventStream(exchange.response())) {
      send(exchange, answer, events, first, isClientGone);
    }
  }

  private void send(
      Exchange exchange,
      AnswerStream answer,
      EventStream events,
      Event first,
      BooleanSupplier isClientGone) {
    String answerId = exchange.id();
    int offset = 0;
    Event event = first;
    try {
      while (true) {
        switch (event) {
          case Event.Queued queued ->
              events.event("queued", answerId + ":0", AnswerJson.queued(queued));
          case Event.Sources sources -> {
            answerId = sources.answerId();
            events.event("sources", answerId + ":0", AnswerJson.sources(sources.sources()));
          }
          case Event.Text text -> {
            offset = text.piece().rawEnd();
            events.event("token", answerId + ":" + offset, AnswerJson.token(text.piece().text()));
          }
          case Event.Idle _ -> events.heartbeatEvery(rules.server().heartbeatInterval());
          case Event.Done done -> {
            String json = new String(encode(exchange, answer, done), StandardCharsets.UTF_8);
            events.event("done", answerId + ":" + offset, json);
            return;
          }
        }
        event = next(answer, CLIENT_CHECK_INTERVAL, isClientGone);
      }
    } catch (ThrongException e) {
      String problem = new String(Problems.encode(e, exchange.id()), StandardCharsets.UTF_8);
      events.event("error", answerId + ":" + offset, problem);
    }
  }

  /**
   * What happens next; closing the answer then stops a generation that nobody waits for.
   *
   * @throws UncheckedIOException when the client has gone
   */
  private static Event next(AnswerStream answer, Duration patience, BooleanSupplier isClientGone) {
    Event event = answer.next(patience);
    if (isClientGone.getAsBoolean()) {
      throw new UncheckedIOException(new EOFException("the client has closed its connection"));
    }
    return event;
  }

  private static byte[] encode(Exchange exchange, AnswerStream answer, Event.Done done) {
    return AnswerJson.encode(answer.question(), done, exchange.elapsedNanos());
  }
}
