package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.backend.openai.OpenAiBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.BackendConfig;
import dev.throng.config.BackendKind;
import dev.throng.config.ModelConfig;
import dev.throng.config.Secret;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOpenAi;
import dev.throng.fixtures.Pools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client receives when the only backend returns no text. */
final class WordlessBackendTest {
  private static final String QUESTION = "{\"query\":\"How many days of leave are there?\"}";
  private static final String DONE = "data: [DONE]\n\n";

  private final FakeOpenAi server = new FakeOpenAi().answers("Thirty days [1].");
  private final BackendPool pool = pool(server);
  private final HttpBench bench;

  WordlessBackendTest(@TempDir Path folder) {
    bench = new HttpBench(folder, pool);
    bench.corpus().write("soup.md", "Soup is served at noon."); // so that the words are rare
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
  }

  private static BackendPool pool(FakeOpenAi server) {
    ModelConfig config = Configs.with().model();
    BackendConfig backend =
        new BackendConfig(BackendKind.OPENAI, server.url(), 1, 2, "", new Secret(""), null);
    return Pools.warm(
        Configs.with("pool.hedge_share", "0.0").pool(),
        config,
        new SimpleMeterRegistry(),
        List.of(new OpenAiBackend(backend, config)));
  }

  @AfterEach
  void close() {
    bench.close();
    pool.close();
    server.close();
  }

  @Test
  void questionGetsQuotesAndIsGeneratedTheNextTime() {
    server.next(200, FakeOpenAi.chunk("{\"refusal\":\"I cannot.\"}", "\"stop\"") + DONE);
    assertEquals("backend_refused", ask().path("degradation").path("reason").asText());
    server.next(200, FakeOpenAi.chunk("{}", "\"stop\"") + DONE);
    JsonNode quoted = ask();
    assertEquals("backend_empty", quoted.path("degradation").path("reason").asText());
    assertEquals("There are thirty days of leave. [1]", quoted.path("response").asText());
    JsonNode answered = ask();
    assertFalse(answered.path("degraded").asBoolean());
    assertFalse(answered.path("cached").asBoolean());
    assertEquals("Thirty days [1].", answered.path("response").asText());
  }

  @Test
  void answerCutOffByAContentFilterReportsItAndIsNotCached() {
    for (int i = 0; i < 2; i++) {
      server.next(200, FakeOpenAi.chunk("{\"content\":\"Thirty\"}", "\"content_filter\"") + DONE);
      JsonNode cut = ask();
      assertEquals("content_filter", cut.path("finish_reason").asText());
      assertEquals("Thirty", cut.path("response").asText());
      assertFalse(cut.path("cached").asBoolean());
    }
    assertEquals("stop", ask().path("finish_reason").asText());
  }

  private JsonNode ask() {
    return HttpBench.json(200, bench.post("/query", QUESTION));
  }
}
