package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.backend.openai.OpenAiBackend;
import dev.throng.backend.pool.SlotCount;
import dev.throng.bench.rig.OllamaProcess;
import dev.throng.config.BackendConfig;
import dev.throng.config.BackendKind;
import dev.throng.config.ConfigLoader;
import dev.throng.config.ModelConfig;
import dev.throng.config.Secret;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server with OpenAI's API: Ollama's own /v1. */
@Tag("alone")
@Timeout(120)
final class OpenAiAnswersTest {
  private static final ModelConfig CONFIG =
      ConfigLoader.load(null, Map.of(), Map.of("model.name", OllamaProcess.MODEL)).model();

  @Test
  void realServerStreamsCountsTokensAndIsMeasured() throws Exception {
    try (OllamaProcess process = OllamaProcess.start();
        Backend backend = new OpenAiBackend(config(process), CONFIG)) {
      Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(90));
      assertFalse(backend.probe(deadline).canContinue());
      List<String> pieces = new ArrayList<>();
      Prompt story = new Prompt("You are helpful.", "Tell me a story.", "", List.of(), "en");
      Completion completion =
          backend.generate(new Backend.Call(story, "", 40), pieces::add, deadline);
      assertEquals(FinishReason.LENGTH, completion.finishReason());
      assertEquals(40, completion.tokens().generated());
      assertTrue(pieces.size() > 10, pieces::toString);
      assertTrue(SlotCount.of(backend, deadline) >= 2, "it runs four generations in parallel");
    }
  }

  private static BackendConfig config(OllamaProcess process) {
    return new BackendConfig(
        BackendKind.OPENAI, URI.create(process.url()), 1, 0, "", new Secret(""), null);
  }
}
