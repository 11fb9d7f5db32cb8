package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers, streams and failures, as clients see them. */
final class HttpServerTest extends OneServer {
  private static final Pattern EVENT = Pattern.compile("event: (\\S+)\nid: (\\S+)\ndata: (.*)\n\n");

  HttpServerTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void answerHasItsDocumentedShape() {
    JsonNode first = json(bench().post("/query", LEAVE).body());
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
    JsonNode second = json(bench().post("/query", LEAVE).body());
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
          bench().post("/query", LEAVE.replace("}", ", \"stream\": true}"));
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
    bench()
        .generator()
        .does((prompt, sink) -> {
          sink.append("There are ");
          throw new ThrongException(ErrorCode.BACKEND_TIMEOUT, "no token");
        });
    HttpResponse<String> response =
        bench().post("/query", LEAVE.replace("}", ", \"stream\": true}"));
    List<String[]> events = events(response.body());
    assertEquals("error", events.getLast()[0]);
    assertEquals("backend_timeout", json(events.getLast()[2]).path("code").asText());
  }

  @Test
  void clientThatHangsUpStopsItsGeneration() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    bench()
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
        bench()
            .client()
            .send(
                bench()
                    .request("/query")
                    .header("Accept", "text/event-stream")
                    .POST(BodyPublishers.ofString(LEAVE))
                    .build(),
                BodyHandlers.ofInputStream())
            .body();
    Await.latch(started);
    body.close();
    Await.latch(stopped);
    assertEquals(List.of(), errors());
  }

  @Test
  void overloadResponseHasARetryDelay() {
    bench()
        .generator()
        .does((prompt, sink) -> {
          throw ThrongException.overloaded("full", Duration.ofMillis(2_100));
        });
    HttpResponse<String> response = bench().post("/query", "{\"query\":\"Xylophone?\"}");
    assertProblem(ErrorCode.OVERLOADED, response, "full");
    assertEquals("3", response.headers().firstValue("retry-after").orElse(""));
  }

  @Test
  void degradedAnswerReportsItsRungAndReason() {
    for (int i = 0; i < 4; i++) { // so that the words are rare enough to count
      bench().corpus().writeAndPublish("menu" + i + ".md", "Soup number " + i + " is at noon.");
    }
    bench()
        .generator()
        .does((prompt, sink) -> {
          throw ThrongException.overloaded("full", Duration.ofMillis(2_100));
        });
    String body =
        bench().post("/query", "{\"query\":\"How many days of leave were there?\"}").body();
    assertTrue(
        body.contains(
            "\"degraded\":true,\"degradation\":{\"rung\":\"extractive\",\"reason\":\"overloaded\"}"),
        body);
    bench().generator().doesItsDefault();
    assertTrue(
        bench()
            .post("/query", "{\"query\":\"How many days of leave were there?\"}")
            .body()
            .contains("\"degraded\":false,"));
  }

  @Test
  void unexpectedFailureRevealsOnlyTheRequestId() {
    bench()
        .generator()
        .does((prompt, sink) -> {
          throw new IllegalStateException("password=secret");
        });
    HttpResponse<String> response = bench().post("/query", LEAVE);
    assertEquals(500, response.statusCode());
    assertFalse(response.body().contains("secret"), response.body());
    assertFalse(errors().isEmpty(), "it is logged");
  }

  @Test
  void readinessDiffersFromLiveness() {
    bench().readiness().set(Readiness.State.STARTING);
    assertEquals(200, bench().get("/health/live").statusCode());
    assertEquals(503, bench().get("/health/ready").statusCode());
    HttpResponse<String> tooEarly = bench().post("/query", LEAVE);
    assertProblem(ErrorCode.STARTING, tooEarly, "searchable");
    assertEquals("2", tooEarly.headers().firstValue("retry-after").orElse(""));
    bench().readiness().set(Readiness.State.READY);
    assertEquals(400, bench().get("/health/ready?stopping=4040").statusCode());
    HttpResponse<String> ready = bench().get("/health/ready?stopping=404");
    assertEquals(200, ready.statusCode());
    assertEquals("ollama", json(ready.body()).path("generator").asText());
    assertEquals("throng", json(bench().get("/version").body()).path("name").asText());
    String metrics = bench().get("/metrics").body();
    assertTrue(metrics.contains("throng_question_duration_seconds_count"), metrics);
    assertFalse(metrics.contains("leave"), "metrics contain no text of documents or questions");
  }

  @Test
  void searchAnswersInTheOrderOfTheQuestions() {
    JsonNode found =
        json(bench().post("/search", "{\"queries\": [\"leave days\", \"thirty\"]}").body());
    assertEquals("leave days", found.path("searches").get(0).path("query").asText());
    assertEquals("thirty", found.path("searches").get(1).path("query").asText());
    assertEquals(
        "leave.md", found.path("searches").get(1).path("results").get(0).path("uri").asText());
  }
}
