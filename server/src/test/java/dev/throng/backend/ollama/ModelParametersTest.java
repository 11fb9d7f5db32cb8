package dev.throng.backend.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelParametersTest {
  @Test
  void stopStringsAreParsedFromOllamasFormat() {
    String printed =
        """
        num_ctx                        2048
        stop                           "<|im_start|>"
        stop                           "a \\"word\\"\\n"
        stop                           "\\x00"
        stopped                        "no"
        """;
    assertEquals(List.of("<|im_start|>", "a \"word\"\n"), ModelParameters.stops(printed));
    assertEquals(List.of(), ModelParameters.stops(""));
  }
}
