package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import dev.throng.core.TokenRates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares a real tokenizer's token counts with the estimates. */
@Tag("alone")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class OllamaTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path HANDBOOK = Path.of("..", "examples", "handbook");
  private static final int CHARS = 1_000;

  private static OllamaProcess ollama;
  private static TokenRates rates;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    ollama = OllamaProcess.start();
    rates = measured();
  }

  @AfterAll
  static void stop() throws IOException {
    ollama.close();
  }

  private static TokenRates measured() {
    ThrongConfig config =
        ConfigLoader.load(null, Map.of(), Map.of("model.name", OllamaProcess.MODEL));
    try (OllamaBackend backend =
        new OllamaBackend(URI.create(ollama.url()), config.model(), config.ollama())) {
      return backend.measureTokens();
    }
  }

  @Test
  void modelIsMeasuredTheSameWhenTheTextsAreInItsCache() {
    assertEquals(rates, measured());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "archive/leave-policy-2021.md",
        "it/service-desk.md",
        "Beschäftigte dürfen zu Hause arbeiten, wenn ihre Vorgesetzten dem zustimmen.",
        "Заявления отправляются по электронной почте за три дня до начала отпуска.",
        "ترسل الطلبات بالبريد الإلكتروني قبل ثلاثة أيام من بداية الإجازة.",
        "अनुरोध तीन दिन पहले ई-मेल से भेजे जाते हैं।",
        "申请应至少提前三天通过电子邮件发送，并在一天内答复。",
        "신청서는 휴가가 시작되기 최소 사흘 전에 이메일로 보냅니다."
      })
  void estimatedLengthIsNearTheMeasuredOne(String textOrFile) throws Exception {
    String text =
        textOrFile.endsWith(".md")
            ? Files.readString(HANDBOOK.resolve(textOrFile)).substring(0, CHARS)
            : textOrFile;
    int counted = count(text);
    int estimated = rates.estimate(text);
    String both = "%d counted, %d estimated, by %s".formatted(counted, estimated, rates);
    assertTrue(estimated >= counted * 0.85 && estimated <= counted * 1.7, both);
  }

  private static int count(String text) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("model", OllamaProcess.MODEL);
    body.put("prompt", text).put("raw", true).put("stream", false);
    body.putObject("options").put("num_ctx", 4096).put("num_predict", 1);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(ollama.url() + "/api/generate"))
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return JSON.readTree(answer).path("prompt_eval_count").asInt();
    }
  }
}
