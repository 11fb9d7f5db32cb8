package dev.throng.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.ManualTicker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AnswerCacheTest {
  @Test
  void promptIsRememberedAsTooLongOnlyForAWhile() {
    ManualTicker ticker = new ManualTicker();
    AnswerCache cache = new AnswerCache(Configs.with().cache(), ticker);
    Fingerprint prompt = new Fingerprint(Hash.of("long".getBytes(StandardCharsets.UTF_8)));
    cache.noteTooLong(prompt);
    ticker.advance(Duration.ofMinutes(14));
    assertTrue(cache.isTooLong(prompt));
    ticker.advance(Duration.ofMinutes(2));
    assertFalse(cache.isTooLong(prompt), "the model may have a larger context by now");
  }
}
