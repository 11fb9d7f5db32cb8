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
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.slf4j.LoggerFactory;

/**
 * Tests that share one server, whose collection has a new edition of its document for each test.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OneServer {
  static final String LEAVE = "{\"query\": \"How many days of leave?\"}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpBench bench;
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  private int editions;

  OneServer(Path folder) {
    bench = new HttpBench(folder, "server.heartbeat_interval", "100ms");
    logged.start();
    root.addAppender(logged);
  }

  final HttpBench bench() {
    return bench;
  }

  /** A new edition makes sure that no answer is cached. */
  @BeforeEach
  final void publishNewEdition() {
    bench
        .corpus()
        .writeAndPublish("leave.md", "There are thirty days of leave. Edition " + editions++ + ".");
    bench.generator().doesItsDefault();
    logged.list.clear();
  }

  @AfterAll
  final void close() {
    root.detachAppender(logged);
    bench.close();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Returns the errors that were logged since the test began. */
  final List<ILoggingEvent> errors() {
    return logged.list.stream().filter(e -> e.getLevel() == Level.ERROR).toList();
  }

  final void assertProblem(ErrorCode code, HttpResponse<String> response, String word) {
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
    assertEquals(List.of(), errors());
  }
}
