package dev.throng.redis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Passage;
import dev.throng.core.Source;
import dev.throng.core.TextRange;
import dev.throng.core.TokenCount;
import dev.throng.core.ValidatedAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerCodecTest {
  private static Answer answer(String text) {
    return new Answer(
        "a1",
        text,
        "ollama",
        "llama",
        FinishReason.STOP,
        Map.of(
            2, List.of(new TextRange(0, 3)), 1, List.of(new TextRange(2, 5), new TextRange(7, 9))),
        3,
        new TokenCount(900, 40),
        List.of(7));
  }

  private static ValidatedAnswer validated(String text) {
    Passage passage =
        new Passage("d1", 12, "a/b.md", "Title", "One > Two", 3, 10, 20, "ten \u00e4 chars", 0.5);
    return new ValidatedAnswer(
        answer(text),
        List.of(new Source(1, passage, List.of(new TextRange(0, 3)))),
        1_764_000_000L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 900, 5_000, 200_000})
  void encodedAnswerIsDecodedUnchanged(int length) {
    String text = "W\u00f6rter \u2192 mehr ".repeat(length / 10 + 1).substring(0, length);
    assertEquals(Optional.of(answer(text)), AnswerCodec.answer(AnswerCodec.encode(answer(text))));
    ValidatedAnswer back = AnswerCodec.validated(AnswerCodec.encode(validated(text))).orElseThrow();
    assertEquals(answer(text), back.answer());
    assertEquals(validated(text).sources(), back.sources());
    assertEquals(1_764_000_000L, back.epoch());
  }

  @Test
  void largeAnswersAreCompressed() {
    assertTrue(AnswerCodec.encode(answer("word ".repeat(4_000))).length < 1_000);
  }

  @Test
  void damagedBytesAreNotDecoded() {
    SplittableRandom random = new SplittableRandom(1);
    for (String text : List.of("short", "long ".repeat(1_000))) {
      byte[] good = AnswerCodec.encode(validated(text));
      for (int i = 0; i < good.length; i++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << random.nextInt(8));
        assertEquals(Optional.empty(), AnswerCodec.validated(bad), "byte " + i);
        assertEquals(Optional.empty(), AnswerCodec.validated(Arrays.copyOf(good, i)));
      }
    }
  }

  @Test
  void plainAnswerIsNotDecodedAsAValidatedOne() {
    assertEquals(Optional.empty(), AnswerCodec.validated(AnswerCodec.encode(answer("text"))));
  }
}
