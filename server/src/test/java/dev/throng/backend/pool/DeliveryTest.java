package dev.throng.backend.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator.Completion;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.AnswerLimits;
import dev.throng.core.ErrorCode;
import dev.throng.core.TokenCount;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeliveryTest {
  private final Delivery delivery = new Delivery(AnswerLimits.tokens(100));

  @Test
  void halfSurrogatePairIsHeldUntilItsOtherHalfArrives() {
    String emoji = "😀";
    assertEquals("a", delivery.append("a" + emoji.charAt(0), false));
    assertTrue(delivery.fail(ErrorCode.BACKEND_ERROR));
    assertEquals("a", delivery.received(), "continuation never starts within a character");
    assertEquals(emoji + "b", delivery.append(emoji + "b", false));
  }

  @Test
  void whitespaceAtTheSeamIsPreserved() {
    delivery.begins();
    delivery.append("Two  ", false);
    assertTrue(delivery.fail(ErrorCode.BACKEND_PROTOCOL));
    delivery.begins();
    delivery.append(" days\n", false);
    assertEquals("Two   days\n", delivery.received());
    assertEquals(
        List.of(5),
        delivery.completion(new Completion(FinishReason.STOP, TokenCount.ofText(4))).seams());
  }

  @Test
  void textHeldBackIsDroppedWithItsBackend() {
    assertEquals("", delivery.append("wrong", true));
    assertTrue(delivery.fail(ErrorCode.BACKEND_ERROR));
    assertEquals("", delivery.append("right", true));
    assertEquals("right", delivery.finish());
    assertEquals("right", delivery.received());
  }

  @Test
  void thirdConsecutiveFailureWithoutTextEndsTheAnswer() {
    assertTrue(delivery.fail(ErrorCode.BACKEND_ERROR));
    assertTrue(delivery.fail(ErrorCode.BACKEND_TIMEOUT));
    assertTrue(
        delivery.fail(ErrorCode.BACKEND_UNREACHABLE), "an unreachable backend does not count");
    assertFalse(delivery.fail(ErrorCode.BACKEND_ERROR));
  }

  @Test
  void newTextResetsTheFailureCount() {
    delivery.begins();
    for (int i = 0; i < 10; i++) {
      delivery.append("x", false);
      assertTrue(delivery.fail(ErrorCode.BACKEND_STALLED));
      delivery.begins();
    }
  }

  @Test
  void failureAfterTextDoesNotCountAsFailureWithoutText() {
    delivery.begins();
    delivery.append("Two days", false);
    assertTrue(delivery.fail(ErrorCode.BACKEND_PROTOCOL));
    for (int i = 0; i < 2; i++) {
      delivery.begins();
      assertTrue(delivery.fail(ErrorCode.BACKEND_ERROR));
    }
    delivery.begins();
    assertFalse(delivery.fail(ErrorCode.BACKEND_ERROR));
    assertEquals(
        List.of(8),
        delivery.completion(new Completion(FinishReason.STOP, TokenCount.ofText(4))).seams(),
        "one seam, regardless of the number of attempts");
  }

  @Test
  void answerNeverExceedsItsTokenLimit() {
    assertEquals(100, delivery.tokensLeft());
    delivery.append("日本語のこたえ", false); // several tokens in one piece
    assertTrue(delivery.tokensLeft() <= 100 - 7);
    delivery.append("x".repeat(1_000), false);
    assertEquals(0, delivery.tokensLeft());
    assertEquals(FinishReason.LENGTH, delivery.cut().finishReason());
  }
}
