package dev.throng.http;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.config.ThrongConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.StopStrings;
import dev.throng.fixtures.Configs;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryRequestTest {
  private final ThrongConfig config = Configs.with();

  /**
   * @param stop as JSON, with ' instead of "
   */
  private StopStrings stop(String stop) {
    String body = "{\"query\": \"a\", \"options\": {\"stop\": " + stop.replace('\'', '"') + "}}";
    return QueryRequest.forQuery(
            body.getBytes(StandardCharsets.UTF_8),
            "default",
            new QueryRequest.Rules(config.server(), config.retrieval(), config.answer()),
            100)
        .stop();
  }

  @Test
  void stopIsAStringOrAList() {
    assertEquals(StopStrings.of("\n"), stop("'\\n'"));
    assertEquals(StopStrings.of("a", "😀", " "), stop("['😀', ' ', 'a']"));
    assertEquals(StopStrings.of("x".repeat(64)), stop("'" + "x".repeat(64) + "'"));
    assertEquals(StopStrings.NONE, stop("[]"));
    assertEquals(StopStrings.NONE, stop("null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5 | options.stop: 5 (expected: a string or a list of strings)",
        "'' | options.stop: 0 characters (expected: 1 to 64)",
        "['x', 7] | options.stop[1]: 7 (expected: a string)",
        "['x', ''] | options.stop[1]: 0 characters (expected: 1 to 64)",
        "['1', '2', '3', '4', '5'] | options.stop: 5 strings (expected: at most 4)",
        "['x', '\\ud83d'] | options.stop[1]: an unpaired surrogate (expected: complete characters)",
        "'01234567890123456789012345678901234567890123456789012345678901234' | options.stop: 65",
      })
  void invalidStopIsRefusedWithAPreciseError(String stop, String message) {
    assertFails(ErrorCode.INVALID_FIELD, () -> stop(stop), message);
  }
}
