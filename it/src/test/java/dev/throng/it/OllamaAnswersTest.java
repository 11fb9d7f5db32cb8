package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.it.RunningServer.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers from a real Ollama with a real model. */
@Tag("alone")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class OllamaAnswersTest {
  private static final String GENERATIONS =
      "throng_stage_duration_seconds_count{stage=\"generate\"}";

  /** The small model rambles on some questions until it is cut off; such answers are not cached. */
  private static final List<String> CANDIDATES =
      List.of(
          "What is the lamp L7?",
          "lamp L7 watts",
          "The lamp L7 draws how many watts?",
          "Is the colour temperature of the lamp L7 2700 kelvin?",
          "Describe the lamp L7 in one sentence.",
          "Does the lamp L7 draw 40 watts? Say yes or no.");

  @TempDir private static Path folder;
  private static OllamaProcess ollama;
  private static RunningServer throng;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    ollama = OllamaProcess.start();
    throng = RunningServer.start(folder, ollama);
  }

  @AfterAll
  static void stop() throws IOException {
    throng.close();
    ollama.close();
  }

  @Test
  void answersWithSourcesAndServesTheSameAnswerFromTheCache() throws Exception {
    String question = "";
    JsonNode first = MissingNode.getInstance();
    for (String candidate : CANDIDATES) {
      if (!first.path("finish_reason").asText().equals("stop")) {
        question = candidate;
        first = throng.query(question);
      }
    }
    assertEquals("stop", first.path("finish_reason").asText(), first.toString());
    assertEquals("ollama", first.path("generator").asText());
    assertEquals(OllamaProcess.MODEL, first.path("model").asText());
    assertFalse(first.path("response").asText().isBlank());
    assertFalse(first.path("cached").asBoolean());
    assertFalse(first.path("degraded").asBoolean());
    List<String> uris = first.path("sources").findValuesAsText("uri").stream().distinct().toList();
    assertTrue(uris.contains("lamp.md"), uris.toString());

    JsonNode again = throng.query("  " + question.replaceFirst(" ", "\t") + " ");
    assertTrue(again.path("cached").asBoolean(), first + "\n" + again);
    assertEquals(first.path("response"), again.path("response"));
    assertEquals(first.path("answer_id"), again.path("answer_id"));
    assertNotEquals(first.path("id"), again.path("id"));
  }

  @Test
  void joinedTokensOfAStreamAreTheResponse() throws Exception {
    List<Event> events = throng.stream("What does the pump P3 move in a minute?", event -> {});
    assertEquals("sources", events.getFirst().name());
    assertEquals("done", events.getLast().name());
    String joined =
        events.stream()
            .filter(event -> event.name().equals("token"))
            .map(event -> event.data().path("text").asText())
            .collect(Collectors.joining());
    assertEquals(events.getLast().data().path("response").asText(), joined);
    assertTrue(events.size() > 3, "did not arrive in pieces");
  }

  @Test
  void thousandIdenticalQuestionsCostOneGeneration() throws Exception {
    throng.query("What does the lamp L7 draw?"); // the model's template is known now
    long callsBefore = ollama.generateCalls();
    List<CompletableFuture<JsonNode>> asked =
        IntStream.range(0, 1000)
            .mapToObj(i -> throng.queryAsync("After how many hours is the pump P3 oiled?"))
            .toList();
    List<String> texts =
        asked.stream().map(answer -> answer.join().path("response").asText()).distinct().toList();
    assertEquals(1, texts.size(), texts.toString());
    assertFalse(texts.getFirst().isBlank());
    assertEquals(callsBefore + 1, ollama.generateCalls());
  }

  @Test
  void clientThatHangsUpStopsItsGeneration() throws Exception {
    double cancelledBefore =
        throng.metric("throng_question_duration_seconds_count{outcome=\"cancelled\"}");
    double generatedBefore = throng.metric(GENERATIONS);
    hangUpAfterAsking("Tell me all that is known of the lamp L7 and of the pump P3");
    await("throng_flights", 0);
    await("throng_generations_running", 0);
    await("throng_question_duration_seconds_count{outcome=\"cancelled\"}", cancelledBefore + 1);
    assertEquals(generatedBefore, throng.metric(GENERATIONS), "a generation was completed");
  }

  @Test
  void editedDocumentLeadsToANewAnswer() throws Exception {
    Path document = throng.documents().resolve("crane.md");
    Files.writeString(document, "# Crane C9\n\nThe crane C9 lifts 12 tonnes.\n");
    throng.sync();
    String question = "How many tonnes does the crane C9 lift?";
    JsonNode before = throng.query(question);
    Files.writeString(document, "# Crane C9\n\nThe crane C9 lifts 15 tonnes.\n");
    throng.sync();
    JsonNode after = throng.query(question);
    assertFalse(after.path("cached").asBoolean());
    assertNotEquals(before.path("answer_id"), after.path("answer_id"));
    assertTrue(after.path("sources").toString().contains("15 tonnes"), after.toString());
  }

  @Test
  void answerEndsBeforeAStopString() throws Exception {
    String question = "What is known of the pump P3, and of the lamp L7?";
    String whole = throng.query(question).path("response").asText();
    String stop =
        whole.substring(whole.length() / 2, Math.min(whole.length(), whole.length() / 2 + 4));
    JsonNode stopped = throng.queryStoppedAt(stop, question);
    assertEquals("stop", stopped.path("finish_reason").asText(), stopped.toString());
    assertEquals(whole.substring(0, whole.indexOf(stop)), stopped.path("response").asText());
    assertTrue(throng.queryStoppedAt(stop, question).path("cached").asBoolean());
  }

  private static void hangUpAfterAsking(String question) throws Exception {
    URI url = URI.create(throng.url());
    String body = "{\"query\":\"" + question + "\"}";
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      String request =
          "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      await("throng_generations_running", 1);
    }
  }

  private static void await(String metric, double value) throws Exception {
    while (throng.metric(metric) != value) {
      Thread.onSpinWait(); // the test's timeout bounds it
    }
  }
}
