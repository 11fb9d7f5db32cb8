package dev.throng.contract;

import static dev.throng.contract.GeneratorContract.PROMPT;
import static dev.throng.contract.TwoOllamas.ANSWER;
import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Backend;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.SlotCount;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.fixtures.FakeOllama.Fault;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.Pools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which backends of a pool get work, while they die, recover, join and leave. */
final class PoolMembersTest {
  private final TwoOllamas ollamas = new TwoOllamas();
  private final FakeOllama first = ollamas.first();
  private final FakeOllama second = ollamas.second();
  private final BackendPool pool = ollamas.pool();

  @AfterEach
  void close() {
    ollamas.close();
  }

  private String answer() {
    List<String> pieces = new ArrayList<>();
    pool.generate(PROMPT, 400, ManualTicker.far(), pieces::add);
    return String.join("", pieces);
  }

  @Test
  void everyCallIsCountedByBackendAndResult() {
    String unused = answer();
    assertFalse(unused.isEmpty());
    assertEquals(
        1, ollamas.meters().get("throng.backend.calls").tag("result", "ok").counter().count());
    System.gc(); // a gauge must hold a strong reference to what it reads
    assertEquals(
        List.of(1.0, 1.0),
        ollamas.meters().get("throng.backend.up").gauges().stream()
            .map(gauge -> gauge.value())
            .toList());
  }

  @Test
  void deadBackendIsSkipped() {
    first.close();
    for (int i = 0; i < 5; i++) {
      assertEquals(ANSWER, answer());
    }
  }

  @Test
  void errorNamesTheAddressesWhenAllBackendsAreDead() {
    first.close();
    second.close();
    assertFails(ErrorCode.BACKEND_UNREACHABLE, this::answer, "127.0.0.1");
  }

  @Test
  void missingModelErrorNamesTheCommandThatPullsIt() {
    first.withoutModel();
    second.withoutModel();
    assertFails(ErrorCode.MODEL_MISSING, this::answer, "ollama pull " + FakeOllama.MODEL);
    try (OllamaBackend backend = Pools.ollama(first.url(), Configs.with())) {
      assertFails(ErrorCode.MODEL_MISSING, backend::modelDigest, "ollama pull");
    }
  }

  @Test
  void busyBackendCoolsDownAndAnotherOneAnswers() {
    first.failNext(Fault.BUSY, 0);
    for (int i = 0; i < 5; i++) {
      assertEquals(ANSWER, answer());
    }
  }

  @Test
  void busyOllamaIsNotMistakenForAnExceededContext() {
    try (OllamaBackend backend = Pools.ollama(first.url(), Configs.with())) {
      first.failNext(Fault.BUSY, 0);
      assertFails(
          ErrorCode.BACKEND_BUSY,
          () -> backend.generate(new Backend.Call(PROMPT, "", 9), p -> {}, ManualTicker.far()),
          "pending requests");
    }
  }

  @Test
  void backendThatProducesNothingIsSkippedAndCoolsDown() {
    for (int i = 0; i < 9; i++) {
      first.failNext(Fault.END, 0);
    }
    for (int i = 0; i < 12; i++) {
      assertEquals(ANSWER, answer());
    }
    assertTrue(first.generations().size() <= 4, "two, then it cools down; probes are included");
  }

  @Test
  void drainedBackendGetsNoNewWorkUntilReadmitted() {
    pool.drain(first.url().toString(), true);
    for (int i = 0; i < 5; i++) {
      assertEquals(ANSWER, answer());
    }
    assertEquals(List.of(), first.generations());
    assertEquals(2, pool.slots());
    pool.drain(first.url().toString(), false);
    assertEquals(4, pool.slots());
  }

  @Test
  void removedBackendGetsNoNewWorkAndAddedOneIsWarmedUp() {
    try (FakeOllama third = new FakeOllama().answers(ANSWER)) {
      pool.drain(third.url().toString(), true); // also before it is added
      ThrongConfig config = Configs.with("ollama.slots", "3");
      pool.replace(List.of(Pools.ollama(third.url(), config)));
      Await.until("it is up", () -> pool.view().getFirst().phase().equals("UP"));
      assertEquals(1, pool.view().size());
      assertEquals(0, pool.slots());
      pool.drain(third.url().toString(), false);
      assertEquals(3, pool.slots());
      assertEquals(ANSWER, answer());
      assertEquals(List.of(), first.generations());
      assertEquals(List.of(), second.generations());
      assertEquals(1, ollamas.meters().get("throng.backend.up").gauges().size());
    }
  }

  @Test
  void answerOfARemovedBackendContinuesToItsEnd() {
    try (FakeOllama endless = new FakeOllama();
        BackendPool alone = ollamas.pool(endless.url())) {
      endless.failNext(Fault.ENDLESS, 0);
      List<String> pieces = Collections.synchronizedList(new ArrayList<>());
      Thread thread =
          Thread.ofVirtual()
              .start(() ->
                  assertThrows(
                      ThrongException.class,
                      () -> alone.generate(PROMPT, 400, ManualTicker.far(), pieces::add)));
      Await.latch(endless.firstPiece());
      alone.replace(List.of());
      assertEquals(List.of(), alone.view());
      int before = pieces.size();
      Await.until("the answer continues", () -> pieces.size() > before + 20);
      thread.interrupt();
      Await.latch(endless.hungUp());
      assertFails(
          ErrorCode.BACKEND_UNREACHABLE,
          () -> alone.generate(PROMPT, 400, ManualTicker.far(), piece -> {}));
    }
  }

  @Test
  void slotsAreDetectedByShortGenerations() {
    try (FakeOllama serial = new FakeOllama().answers("1 2 3 4 5 6 7 8 9 10 11 12");
        OllamaBackend backend = Pools.ollama(serial.url(), Configs.with())) {
      int slots = SlotCount.of(backend, Deadline.after(Ticker.system(), Duration.ofSeconds(20)));
      assertTrue(slots >= 1 && slots <= 4, "slots: " + slots);
    }
  }

  @Test
  void concurrentGenerationsNeverExceedTheSlots() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> pending = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        pending.add(threads.submit(this::answer));
      }
      pending.forEach(answer -> assertEquals(ANSWER, Await.result(answer)));
    }
    assertTrue(first.maxInFlight() <= 2 && second.maxInFlight() <= 2);
    assertTrue(first.generations().size() > 5 && second.generations().size() > 5, "both are used");
  }

  @Test
  void identityIncludesTheModelDigestAndSurvivesADeadBackend() {
    first.close();
    assertEquals("digest-of-" + FakeOllama.MODEL, pool.identity().digest());
    assertEquals(4, pool.slots());
  }
}
