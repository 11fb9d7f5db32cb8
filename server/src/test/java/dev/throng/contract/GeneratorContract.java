package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Generator;
import dev.throng.backend.Generator.Completion;
import dev.throng.backend.Prompt;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.Passages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The contract of everything that generates answers. */
abstract class GeneratorContract {
  static final Prompt PROMPT =
      Passages.prompt(
          "How many days a week may be worked from home?",
          "Two days a week may be worked from home. Managers may allow more.",
          "The canteen opens at noon and closes at two.");

  abstract Generator generator();

  final List<String> generate(int maxTokens) {
    List<String> pieces = new ArrayList<>();
    generator().generate(PROMPT, maxTokens, ManualTicker.far(), pieces::add);
    return pieces;
  }

  @Test
  void answersWithTextThatEnds() {
    List<String> pieces = new ArrayList<>();
    Completion completion = generator().generate(PROMPT, 400, ManualTicker.far(), pieces::add);
    assertEquals(FinishReason.STOP, completion.finishReason());
    assertTrue(String.join("", pieces).contains("Two days"), pieces::toString);
    assertTrue(pieces.stream().noneMatch(String::isEmpty), "no empty pieces");
  }

  @Test
  void samePromptHasTheSameAnswer() {
    assertEquals(String.join("", generate(400)), String.join("", generate(400)));
  }

  @Test
  void passedDeadlineEndsTheAnswer() {
    Deadline passed = Deadline.after(new ManualTicker(), Duration.ZERO);
    assertFails(
        ErrorCode.DEADLINE_EXCEEDED, () -> generator().generate(PROMPT, 400, passed, piece -> {}));
  }

  /** The interrupt may arrive at any time, so it is set beforehand: nothing may swallow it. */
  @Test
  void interruptEndsTheAnswerAndStaysSet() throws InterruptedException {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              Thread.currentThread().interrupt();
              try {
                generator().generate(PROMPT, 400, ManualTicker.far(), piece -> {});
                ended.complete(Thread.currentThread().isInterrupted());
              } catch (ThrongException e) {
                ended.complete(
                    e.code() == ErrorCode.SHUTTING_DOWN && Thread.currentThread().isInterrupted());
              }
            });
    thread.join();
    assertTrue(ended.join());
  }

  @Test
  void identifiesItself() {
    assertFalse(generator().identity().generator().isEmpty());
    assertFalse(generator().identity().model().isEmpty());
    assertEquals(generator().identity().hash(), generator().identity().hash());
    assertTrue(generator().slots() > 0);
    assertTrue(generator().maxPromptTokens(100) > 100);
  }
}
