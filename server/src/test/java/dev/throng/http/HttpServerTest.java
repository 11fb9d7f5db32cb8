package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

@TestInstance(Lifecycle.PER_CLASS)
final class HttpServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)\nid: (\\S+)\ndata: (.*)\n\n");
  private static final String LEAVE = "{\"query\": \"How many days of leave?\"}";

  private final HttpBench bench;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  private int editions;

  HttpServerTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "server.heartbeat_interval", "100ms");
    logged.start();
    root.addAppender(logged);
  }

  /** One server serves all tests; a new edition makes sure that no answer is cached. */
  @BeforeEach
  void publishNewEdition() {
    bench
        .corpus()
        .writeAndPublish("leave.md", "There are thirty days of leave. Edition " + editions++ + ".");
    bench.generator().doesItsDefault();
    logged.list.clear();
  }

  @AfterAll
  void close() {
    root.detachAppender(logged);
    bench.close();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  private void assertProblem(ErrorCode code, HttpResponse<String> response, String word) {
    assertEquals(code.status(), response.statusCode(), response.body());
    JsonNode problem = json(response.body());
    assertEquals(code.code(), problem.path("code").asText());
    assertEquals(code.status(), problem.path("status").asInt());
    assertTrue(problem.path("detail").asText().contains(word), response.body());
    assertFalse(problem.path("remedy").asText().isEmpty());
    assertEquals(
        "application/problem+json", response.headers().firstValue("content-type").orElse(""));
    assertEquals(
        response.headers().firstValue("x-request-id").orElse("none"),
        problem.path("request_id").asText());
    assertFalse(response.body().contains("Exception"), response.body());
    assertEquals(List.of(), logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList());
  }

  static Stream<Arguments> badBodies() {
    return Stream.concat(badQuestions(), badOptions());
  }

  private static Stream<Arguments> badQuestions() {
    return Stream.of(
        Arguments.of(ErrorCode.MALFORMED_JSON, "", "empty"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "hello", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\"", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\"} {}", "line 1"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "[\"a\"]", "a list"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "null", "null"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "{\"query\": \"a\", \"query\": \"b\"}", "uplicate"),
        Arguments.of(ErrorCode.MALFORMED_JSON, "[".repeat(5_000), "depth"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": 5}", "query: 5"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": [\"a\"]}", "a string"),
        Arguments.of(ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"qery\": 1}", "qery"),
        Arguments.of(
            ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"options\": {\"temp\": 1}}", "temp"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": \"\"}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": null}", "query"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"query\": \" \\n\\t \"}", "query"),
        Arguments.of(
            ErrorCode.QUERY_TOO_LONG, "{\"query\": \"" + "x".repeat(9_000) + "\"}", "9000"),
        Arguments.of(
            ErrorCode.BODY_TOO_LARGE, "{\"query\": \"" + "x".repeat(1 << 20) + "\"}", "65536"));
  }

  private static Stream<Arguments> badOptions() {
    return Stream.of(
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 0}", "top_k: 0"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": -1}", "from 1"),
        Arguments.of(
            ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 1000000000}", "1000000000"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"top_k\": 99999999999999999999}",
            "top_k: 9999"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": \"6\"}", "top_k"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"top_k\": 1.5}", "1.5"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"stream\": \"yes\"}", "stream"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"options\": {\"max_tokens\": 0}}",
            "options.max_tokens"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"filter\": {\"uri\": {}}}",
            "eq, in, range, prefix"),
        Arguments.of(
            ErrorCode.INVALID_FIELD,
            "{\"query\": \"a\", \"filter\": {\"url\": {\"ne\": \"x\"}}}",
            "filter.url"),
        Arguments.of(
            ErrorCode.UNKNOWN_COLLECTION, "{\"query\": \"a\", \"collection\": \"nope\"}", "nope"),
        Arguments.of(
            ErrorCode.INVALID_FIELD, "{\"query\": \"a\", \"collection\": \"../etc\"}", "../etc"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void invalidBodyIsRefusedWithAPreciseError(ErrorCode code, String body, String word) {
    assertProblem(code, bench.post("/query", body), word);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] body = "{\"query\": \"gr\u00FC\u00DFe\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertProblem(ErrorCode.MALFORMED_JSON, bench.post("/query", body), "UTF-8");
  }

  @Test
  void wrongMethodPathAndMediaTypeAreRefused() {
    HttpResponse<String> wrongMethod = bench.get("/query");
    assertProblem(ErrorCode.METHOD_NOT_ALLOWED, wrongMethod, "POST");
    assertEquals("POST", wrongMethod.headers().firstValue("allow").orElse(""));
    assertProblem(ErrorCode.METHOD_NOT_ALLOWED, bench.post("/health/live", "{}"), "GET");
    assertProblem(ErrorCode.NOT_FOUND, bench.get("/nothing/here"), "/nothing/here");
    assertProblem(
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        bench.send(
            bench
                .request("/query")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("query=a"))),
        "x-www-form-urlencoded");
    assertProblem(
        ErrorCode.NOT_ACCEPTABLE,
        bench.send(
            bench
                .request("/query")
                .header("Accept", "image/png")
                .POST(BodyPublishers.ofString(LEAVE))),
        "image/png");
  }

  @Test
  void malformedContentTypeIsAClientError() {
    HttpResponse<String> response =
        bench.send(
            bench
                .request("/query")
                .header("Content-Type", "json")
                .POST(BodyPublishers.ofString(LEAVE)));
    assertTrue(response.statusCode() == 415 || response.statusCode() == 400, response::body);
    assertEquals(List.of(), logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList());
  }

  static Stream<Arguments> badSearches() {
    String many = "\"q\",".repeat(64) + "\"q\"";
    return Stream.of(
        Arguments.of(ErrorCode.QUERY_BLANK, "{}", "query"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": []}", "0 questions"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [" + many + "]}", "65 questions"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [1]}", "queries[0]"),
        Arguments.of(ErrorCode.QUERY_BLANK, "{\"queries\": [\"a\", \" \"]}", "queries[1]"),
        Arguments.of(ErrorCode.INVALID_FIELD, "{\"queries\": [\"a\"], \"query\": \"b\"}", "one of"),
        Arguments.of(ErrorCode.UNKNOWN_FIELD, "{\"query\": \"a\", \"stream\": true}", "stream"));
  }

  @ParameterizedTest
  @MethodSource("badSearches")
  void invalidSearchIsRefusedWithAPreciseError(ErrorCode code, String body, String word) {
    assertProblem(code, bench.post("/search", body), word);
  }

  @Test
  void oddCharactersInAQuestionCauseNoServerError() {
    for (String odd :
        List.of("\\u0000", "\\ud800", "\\u202e leave \\ufeff", "😀", "\\u0007 days")) {
      HttpResponse<String> response = bench.post("/query", "{\"query\": \"" + odd + "\"}");
      assertTrue(response.statusCode() < 500, odd + ": " + response.body());
    }
    assertEquals(List.of(), logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList());
  }

  @Test
  void answerHasItsDocumentedShape() {
    JsonNode first = json(bench.post("/query", LEAVE).body());
    for (String field :
        List.of(
            "response",
            "sources",
            "cached",
            "response_time",
            "id",
            "collection",
            "model",
            "generator",
            "degraded",
            "finish_reason",
            "timings",
            "answer_id")) {
      assertTrue(first.has(field), field);
    }
    assertFalse(first.path("cached").asBoolean());
    assertEquals("stop", first.path("finish_reason").asText());
    JsonNode source = first.path("sources").get(0);
    assertEquals("leave.md", source.path("uri").asText());
    assertTrue(source.path("cited").asBoolean());
    JsonNode second = json(bench.post("/query", LEAVE).body());
    assertTrue(second.path("cached").asBoolean());
    assertEquals(first.path("response"), second.path("response"));
    assertFalse(first.path("id").equals(second.path("id")));
  }

  private List<String[]> events(String body) {
    List<String[]> events = new ArrayList<>();
    Matcher event = EVENT.matcher(body);
    while (event.find()) {
      events.add(new String[] {event.group(1), event.group(2), event.group(3)});
    }
    return events;
  }

  @Test
  void joinedTokensOfAStreamAreTheAnswer() {
    for (int ask = 0; ask < 2; ask++) { // generated, then a hit
      HttpResponse<String> response =
          bench.post("/query", LEAVE.replace("}", ", \"stream\": true}"));
      assertEquals("text/event-stream", response.headers().firstValue("content-type").orElse(""));
      List<String[]> events = events(response.body());
      assertEquals("sources", events.getFirst()[0]);
      assertEquals("done", events.getLast()[0]);
      StringBuilder text = new StringBuilder();
      for (String[] event : events) {
        if (event[0].equals("token")) {
          text.append(json(event[2]).path("text").asText());
        }
        assertTrue(event[1].matches("[0-9a-z]+:\\d+"), event[1]);
      }
      JsonNode done = json(events.getLast()[2]);
      assertEquals(done.path("response").asText(), text.toString());
      assertEquals(ask == 1, done.path("cached").asBoolean());
    }
  }

  @Test
  void failureMidStreamIsAnEvent() {
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append("There are ");
          throw new ThrongException(ErrorCode.BACKEND_TIMEOUT, "no token");
        });
    HttpResponse<String> response = bench.post("/query", LEAVE.replace("}", ", \"stream\": true}"));
    List<String[]> events = events(response.body());
    assertEquals("error", events.getLast()[0]);
    assertEquals("backend_timeout", json(events.getLast()[2]).path("code").asText());
  }

  @Test
  void clientThatHangsUpStopsItsGeneration() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    bench
        .generator()
        .does((prompt, sink) -> {
          sink.append("There ");
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            stopped.countDown();
            throw e;
          }
          throw new AssertionError("the latch was not opened");
        });
    InputStream body =
        bench
            .client()
            .send(
                bench
                    .request("/query")
                    .header("Accept", "text/event-stream")
                    .POST(BodyPublishers.ofString(LEAVE))
                    .build(),
                BodyHandlers.ofInputStream())
            .body();
    Await.latch(started);
    body.close();
    Await.latch(stopped);
    assertEquals(List.of(), logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList());
  }

  @Test
  void overloadResponseHasARetryDelay() {
    bench
        .generator()
        .does((prompt, sink) -> {
          throw ThrongException.overloaded("full", Duration.ofMillis(2_100));
        });
    HttpResponse<String> response = bench.post("/query", "{\"query\":\"Xylophone?\"}");
    assertProblem(ErrorCode.OVERLOADED, response, "full");
    assertEquals("3", response.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void degradedAnswerReportsItsRungAndReason() {
    for (int i = 0; i < 4; i++) { // so that the words are rare enough to count
      bench.corpus().writeAndPublish("menu" + i + ".md", "Soup number " + i + " is at noon.");
    }
    bench
        .generator()
        .does((prompt, sink) -> {
          throw ThrongException.overloaded("full", Duration.ofMillis(2_100));
        });
    String body = bench.post("/query", "{\"query\":\"How many days of leave were there?\"}").body();
    assertTrue(
        body.contains(
            "\"degraded\":true,\"degradation\":{\"rung\":\"extractive\",\"reason\":\"overloaded\"}"),
        body);
    bench.generator().doesItsDefault();
    assertTrue(
        bench
            .post("/query", "{\"query\":\"How many days of leave were there?\"}")
            .body()
            .contains("\"degraded\":false,"));
  }

  @Test
  void unexpectedFailureRevealsOnlyTheRequestId() {
    bench
        .generator()
        .does((prompt, sink) -> {
          throw new IllegalStateException("password=secret");
        });
    HttpResponse<String> response = bench.post("/query", LEAVE);
    assertEquals(500, response.statusCode());
    assertFalse(response.body().contains("secret"), response.body());
    assertTrue(logged.list.stream().anyMatch(e -> e.getLevel() == Level.ERROR), "it is logged");
  }

  @Test
  void malformedHttpIsRefusedWithAProblemBody() throws IOException {
    for (String request :
        List.of(
            "GET /query?x=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n")) {
      try (Socket socket = new Socket(bench.uri().getHost(), bench.uri().getPort())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(response.startsWith("HTTP/1.1 400"), response);
        assertTrue(response.contains("application/problem+json"), response);
        assertTrue(response.contains("\"code\":\"malformed_http\""), response);
      }
    }
  }

  @Test
  void operatorPathsRequireTheToken() {
    assertProblem(ErrorCode.UNAUTHORIZED, bench.post("/admin/ingest", "{}"), "token");
    assertProblem(
        ErrorCode.UNAUTHORIZED,
        bench.send(
            bench
                .request("/admin/ingest")
                .header("Authorization", "Bearer wrong")
                .POST(BodyPublishers.ofString("{}"))),
        "token");
    assertProblem(
        ErrorCode.INVALID_FIELD,
        bench.send(
            bench
                .request("/admin/ingest")
                .header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)
                .POST(BodyPublishers.ofString("{\"paths\": [\"relative\"]}"))),
        "relative");
  }

  @Test
  void unknownBackendCannotBeDrained() {
    assertProblem(
        ErrorCode.INVALID_FIELD,
        bench.send(
            bench
                .request("/admin/backends/drain")
                .header("Authorization", "Bearer " + HttpBench.ADMIN_TOKEN)
                .POST(BodyPublishers.ofString("{\"url\": \"http://nowhere:1\"}"))),
        "http://nowhere:1");
    assertProblem(ErrorCode.UNAUTHORIZED, bench.get("/admin/backends"), "token");
  }

  @Test
  void readinessDiffersFromLiveness() {
    bench.readiness().set(Readiness.State.STARTING);
    assertEquals(200, bench.get("/health/live").statusCode());
    assertEquals(503, bench.get("/health/ready").statusCode());
    HttpResponse<String> tooEarly = bench.post("/query", LEAVE);
    assertProblem(ErrorCode.STARTING, tooEarly, "searchable");
    assertEquals("2", tooEarly.headers().firstValue("retry-after").orElse(""));
    bench.readiness().set(Readiness.State.READY);
    HttpResponse<String> ready = bench.get("/health/ready");
    assertEquals(200, ready.statusCode());
    assertEquals("ollama", json(ready.body()).path("generator").asText());
    assertEquals("throng", json(bench.get("/version").body()).path("name").asText());
    String metrics = bench.get("/metrics").body();
    assertTrue(metrics.contains("throng_requests_seconds_count"), metrics);
    assertFalse(metrics.contains("leave"), "metrics contain no text of documents or questions");
  }

  @Test
  void searchAnswersInTheOrderOfTheQuestions() {
    JsonNode found =
        json(bench.post("/search", "{\"queries\": [\"leave days\", \"thirty\"]}").body());
    assertEquals("leave days", found.path("searches").get(0).path("query").asText());
    assertEquals("thirty", found.path("searches").get(1).path("query").asText());
    assertEquals(
        "leave.md", found.path("searches").get(1).path("results").get(0).path("uri").asText());
  }
}
