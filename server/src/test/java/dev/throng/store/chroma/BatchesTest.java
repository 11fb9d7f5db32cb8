package dev.throng.store.chroma;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BatchesTest {
  private static final int MAX_BATCH = 8;

  /** A store that answers n with -n; each call waits until it is released. */
  private final Semaphore answers = new Semaphore(0, true);

  private final ConcurrentLinkedQueue<List<Integer>> calls = new ConcurrentLinkedQueue<>();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private Batches<String, Integer, Integer> batches = batches(1);

  private Batches<String, Integer, Integer> batches(int inFlight) {
    return new Batches<>("test-batch", MAX_BATCH, inFlight, (key, questions) -> answer(questions));
  }

  private List<Integer> answer(List<Integer> questions) {
    calls.add(questions);
    answers.acquireUninterruptibly();
    if (questions.contains(13)) {
      throw new ThrongException(ErrorCode.STORE_FAILED, "13 is refused");
    }
    if (questions.contains(99)) {
      throw new ThrongException(ErrorCode.STORE_UNAVAILABLE, "gone");
    }
    return questions.stream().map(n -> -n).toList();
  }

  @AfterEach
  void end() {
    answers.release(1_000);
    callers.close();
    Await.until("no lane is left", () -> batches.lanes() == 0); // after the last answer
  }

  private Future<Integer> ask(String key, int question) {
    return ask(key, question, Duration.ofSeconds(20));
  }

  private Future<Integer> ask(String key, int question, Duration patience) {
    return callers.submit(
        () -> batches.ask(key, question, Deadline.after(Ticker.system(), patience)));
  }

  private List<Future<Integer>> askAll(int from, int count) {
    return IntStream.range(from, from + count).mapToObj(n -> ask("k", n)).toList();
  }

  private void awaitCalls(int count) {
    Await.until(count + " calls", () -> calls.size() == count);
  }

  /** One call is running, and these wait for it. */
  private List<Future<Integer>> gatherBehindOne(int from, int count) {
    Future<Integer> _ = ask("k", 0);
    awaitCalls(1);
    List<Future<Integer>> waiting = askAll(from, count);
    Await.until("all wait", () -> batches.waiting() == count);
    return waiting;
  }

  @Test
  void firstIsSentImmediatelyAndTheOthersTogether() {
    List<Future<Integer>> waiting = gatherBehindOne(1, 5);
    assertEquals(List.of(0), calls.peek());
    answers.release(2);
    for (int i = 0; i < 5; i++) {
      assertEquals(-(i + 1), Await.result(waiting.get(i)));
    }
    assertEquals(2, calls.size());
  }

  @Test
  void batchesAndRunningCallsAreBounded() {
    batches = batches(2);
    askAll(100, 1);
    awaitCalls(1);
    askAll(101, 1);
    awaitCalls(2);
    List<Future<Integer>> waiting = askAll(0, MAX_BATCH + 3);
    Await.until("all wait", () -> batches.waiting() == MAX_BATCH + 3);
    answers.release(4);
    waiting.forEach(Await::result);
    List<Integer> sizes = calls.stream().map(List::size).toList();
    assertEquals(List.of(1, 1, MAX_BATCH, 3), sizes);
  }

  @Test
  void smallBatchWaitsForMoreQuestionsWhileALargeOneRuns() {
    batches = batches(2);
    askAll(100, 1);
    awaitCalls(1);
    askAll(101, 1);
    awaitCalls(2);
    askAll(0, 6);
    Await.until("all wait", () -> batches.waiting() == 6);
    answers.release(2); // the first two calls
    awaitCalls(3);
    Await.until("one call is running", () -> answers.getQueueLength() == 1);
    askAll(10, 2);
    Await.until("two wait", () -> batches.waiting() == 2);
    assertEquals(3, calls.size());
    askAll(20, 1);
    awaitCalls(4);
    assertEquals(3, calls.stream().toList().getLast().size());
  }

  @Test
  void otherKeysDoNotWait() {
    Future<Integer> one = ask("k", 1);
    awaitCalls(1);
    Future<Integer> other = ask("j", 2);
    awaitCalls(2);
    answers.release(2);
    assertEquals(-1, Await.result(one));
    assertEquals(-2, Await.result(other));
  }

  @Test
  void refusedQuestionFailsAlone() {
    List<Future<Integer>> waiting = gatherBehindOne(12, 3);
    answers.release(10);
    assertEquals(-12, Await.result(waiting.get(0)));
    assertFailed(ErrorCode.STORE_FAILED, waiting.get(1));
    assertEquals(-14, Await.result(waiting.get(2)));
  }

  @Test
  void unavailableStoreFailsThemAllInOneCall() {
    List<Future<Integer>> waiting = gatherBehindOne(97, 3);
    answers.release(10);
    waiting.forEach(each -> assertFailed(ErrorCode.STORE_UNAVAILABLE, each));
    assertEquals(2, calls.size());
  }

  @Test
  void abandonedQuestionIsNotSentAndDelaysNoOther() {
    List<Future<Integer>> waiting = new ArrayList<>(gatherBehindOne(1, 2));
    Future<Integer> hurried = ask("k", 50, Duration.ofMillis(20));
    Future<Integer> cancelled = ask("k", 51);
    Await.until("all wait", () -> batches.waiting() >= 3);
    assertFailed(ErrorCode.STORE_UNAVAILABLE, hurried);
    cancelled.cancel(true);
    Await.until("it is dropped", () -> batches.waiting() == 2);
    answers.release(2);
    waiting.forEach(Await::result);
    List<Integer> sent = new ArrayList<>(calls.stream().toList().getLast());
    assertTrue(!sent.contains(50) && !sent.contains(51), sent::toString);
  }

  @Test
  void abandonedCallContinues() {
    Future<Integer> first = ask("k", 1);
    awaitCalls(1);
    first.cancel(true);
    Future<Integer> second = ask("k", 2);
    answers.release(2);
    assertEquals(-2, Await.result(second));
  }

  private static void assertFailed(ErrorCode code, Future<Integer> future) {
    assertFails(
        code,
        () -> {
          try {
            Await.result(future);
          } catch (AssertionError e) {
            throw e.getCause() == null ? e : e.getCause();
          }
        });
  }
}
