package dev.throng.ollamasim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.ollamasim.SimSettings.AnswerLength;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiTest {
  private final OllamaSim sim = OllamaSim.start(SimSettings.instant());
  private final Client client = new Client(sim.url());

  @AfterEach
  void stop() {
    sim.close();
  }

  @Test
  void everyResponseStatesThatItIsSimulated() throws Exception {
    HttpResponse<String> hello = client.send("GET", "/");
    assertTrue(hello.body().contains("simulator") && hello.body().contains("No model runs"));
    for (HttpResponse<String> each :
        List.of(
            hello,
            client.send("GET", "/api/version"),
            client.send("GET", "/no/such/path"),
            client.send(client.post("/api/generate", Client.raw(Client.PROMPT))),
            new Client(sim.adminUrl()).send("GET", "/sim/stats"))) {
      assertEquals("true", each.headers().firstValue("X-Ollama-Simulator").orElseThrow());
    }
  }

  @Test
  void streamsTheAnswerInLinesAndEndsWithFigures() throws Exception {
    HttpResponse<String> response = client.generating(Client.PROMPT).join();
    List<JsonNode> lines = Client.lines(response.body());
    JsonNode last = lines.getLast();
    assertEquals("application/x-ndjson", response.headers().firstValue("Content-Type").get());
    assertEquals(SimulatedText.answerTo(Client.PROMPT), Client.text(response.body()));
    assertTrue(last.path("done").asBoolean());
    assertEquals("stop", last.path("done_reason").asText());
    assertEquals(sim.stats().tokens(), last.path("eval_count").asLong());
    assertEquals((Client.PROMPT.length() + 3) / 4, last.path("prompt_eval_count").asInt());
    assertTrue(last.path("total_duration").asLong() > 0);
  }

  @Test
  void answersInOneObjectWithoutStreaming() throws Exception {
    JsonNode answer = client.json("/api/generate", Client.raw(Client.PROMPT).put("stream", false));
    assertEquals(SimulatedText.answerTo(Client.PROMPT), answer.path("response").asText());
    assertEquals("stop", answer.path("done_reason").asText());
  }

  @Test
  void endsAtTheTokenLimitAndAtStopSequences() throws Exception {
    ObjectNode request = Client.raw(Client.PROMPT).put("stream", false);
    request.putObject("options").put("num_predict", 5);
    JsonNode limited = client.json("/api/generate", request);
    assertEquals("length", limited.path("done_reason").asText());
    assertEquals(5, limited.path("eval_count").asInt());
    assertEquals(
        SimulatedText.answerTo(Client.PROMPT, AnswerLength.DEFAULT, 5),
        limited.path("response").asText());

    String whole = SimulatedText.answerTo(Client.PROMPT);
    String stop = whole.substring(20, 30);
    request.putObject("options").putArray("stop").add(stop);
    JsonNode stopped = client.json("/api/generate", request);
    assertEquals(whole.substring(0, whole.indexOf(stop)), stopped.path("response").asText());
    assertEquals("stop", stopped.path("done_reason").asText());
  }

  @Test
  void chatAndGenerateUseTheSameTemplateWhichCanBeRendered() throws Exception {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", "llama3.2:1b");
    request.put("system", "Be brief.").put("prompt", "Why?").put("stream", false);
    JsonNode generated = client.json("/api/generate", request);
    JsonNode rendered =
        client.json("/api/generate", request.deepCopy().put("_debug_render_only", true));
    String template = rendered.path("_debug_info").path("rendered_template").asText();
    assertEquals(
        """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        Why?<|im_end|>
        <|im_start|>assistant
        """,
        template);

    ObjectNode chat = Json.MAPPER.createObjectNode().put("model", "llama3.2:1b");
    chat.put("stream", false);
    chat.putArray("messages")
        .add(Json.MAPPER.createObjectNode().put("role", "system").put("content", "Be brief."))
        .add(Json.MAPPER.createObjectNode().put("role", "user").put("content", "Why?"));
    String reply = client.json("/api/chat", chat).path("message").path("content").asText();
    assertEquals(SimulatedText.answerTo(template), reply);
    assertEquals(reply, generated.path("response").asText());
    assertEquals(2, sim.stats().requests());
  }

  @Test
  void cutAnswerContinuesElsewhereWithTheSameRest() throws Exception {
    Random random = new Random(7);
    try (OllamaSim other = OllamaSim.start(SimSettings.instant())) {
      for (int i = 0; i < 20; i++) {
        String prompt = "<|im_start|>user\nQuestion " + i + SimulatedText.ASSISTANT;
        String whole = Client.text(client.generating(prompt).join().body());
        int cut =
            whole.offsetByCodePoints(0, random.nextInt(1, whole.codePointCount(0, whole.length())));
        String rest =
            Client.text(
                new Client(other.url()).generating(prompt + whole.substring(0, cut)).join().body());
        assertEquals(whole.substring(cut), rest);
      }
      assertEquals(20, other.stats().continuations());
      assertEquals(0, other.stats().seamMismatches());
      new Client(other.url()).generating(Client.PROMPT + "Something else").join();
      assertEquals(1, other.stats().seamMismatches());
    }
  }

  @Test
  void refusesRequestsThatOllamaRefuses() throws Exception {
    HttpResponse<String> unknown =
        client.send(client.post("/api/generate", Client.raw("Hi").put("model", "x")));
    assertEquals(404, unknown.statusCode());
    assertEquals("{\"error\":\"model 'x' not found\"}", unknown.body());

    ObjectNode tooLong = Client.raw("word ".repeat(100)).put("truncate", false);
    tooLong.putObject("options").put("num_ctx", 100);
    HttpResponse<String> refused = client.send(client.post("/api/generate", tooLong));
    assertEquals(400, refused.statusCode());
    assertEquals("{\"error\":\"the input length exceeds the context length\"}", refused.body());
    HttpResponse<String> cut =
        client.send(client.post("/api/generate", tooLong.put("truncate", true)));
    assertEquals(100, Client.lines(cut.body()).getLast().path("prompt_eval_count").asInt());
    assertEquals(
        400, client.send(client.post("/api/generate", Json.MAPPER.missingNode())).statusCode());
  }

  @Test
  void embeddingsAreDeterministic() throws Exception {
    ObjectNode request = Json.MAPPER.createObjectNode().put("model", "llama3.2:1b");
    request.putArray("input").add("one").add("two").add("one");
    JsonNode rows = client.json("/api/embed", request).path("embeddings");
    assertEquals(3, rows.size());
    assertEquals(64, rows.get(0).size());
    assertEquals(rows.get(0), rows.get(2));
    assertNotEquals(rows.get(0), rows.get(1));
    double squares = 0;
    for (JsonNode value : rows.get(0)) {
      squares += value.asDouble() * value.asDouble();
    }
    assertEquals(1, squares, 1e-5);
  }

  @Test
  void listsShowsLoadsAndUnloadsTheModel() throws Exception {
    JsonNode model = Json.MAPPER.readTree(client.send("GET", "/api/tags").body()).path("models");
    assertEquals("llama3.2:1b", model.get(0).path("name").asText());
    assertEquals(64, model.get(0).path("digest").asText().length());
    assertEquals(0, loaded().size());

    ObjectNode load = Client.raw("").put("stream", false);
    assertEquals("load", client.json("/api/generate", load).path("done_reason").asText());
    assertEquals(4096, loaded().get(0).path("context_length").asInt());
    JsonNode unloaded = client.json("/api/generate", load.put("keep_alive", 0));
    assertEquals("unload", unloaded.path("done_reason").asText());
    assertEquals(0, loaded().size());
    JsonNode shown = client.json("/api/show", load);
    assertEquals("completion", shown.path("capabilities").get(0).asText());
    assertEquals(1, sim.stats().loads());
  }

  @Test
  void settingsInAFileAddToTheMeasuredOnes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("sim.json");
    Files.writeString(file, "{\"slots\": 7, \"rates\": {\"decode_tokens_per_second\": 3}}");
    SimSettings settings = SimSettings.read(file);
    assertEquals(7, settings.slots());
    assertEquals(3, settings.rates().decodeTokensPerSecond());
    assertEquals(
        SimSettings.measured().rates().prefillTokensPerSecond(),
        settings.rates().prefillTokensPerSecond());
    settings.write(file);
    assertEquals(settings, SimSettings.read(file));
  }

  private JsonNode loaded() throws IOException, InterruptedException {
    return Json.MAPPER.readTree(client.send("GET", "/api/ps").body()).path("models");
  }
}
