package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.ThrongConfig;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.fixtures.FakeOllama.Fault;
import dev.throng.fixtures.Pools;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients receive, and when, while no backend can generate. */
final class DeadBackendTest {
  private static final int USERS = 20;
  private static final int QUESTIONS_EACH = 5;
  private static final double BAR_SECONDS = 2.5;

  @TempDir Path folder;

  private static BackendPool pool(URI url) {
    ThrongConfig config = Configs.with("ollama.slots", "4");
    return new BackendPool(
        Configs.with().pool(),
        config.model(),
        List.of(Pools.ollama(url, config)),
        new BackendMetrics(new SimpleMeterRegistry(), config.observe()),
        new SplittableRandom(1));
  }

  private HttpBench bench(BackendPool pool) {
    HttpBench bench = new HttpBench(folder, pool);
    bench.corpus().write("soup.md", "Soup is served at noon."); // so that the words are rare
    bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
    return bench;
  }

  private static JsonNode ask(HttpBench bench, int number) {
    String body = "{\"query\":\"How many days of leave are there, %d?\"}".formatted(number);
    return HttpBench.json(200, bench.post("/query", body));
  }

  /** A hundred questions from users who each ask one after the other. */
  private static void assertAllAreQuotedInTime(HttpBench bench) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        int user = i;
        users.add(
            threads.submit(() -> {
              for (int n = 0; n < QUESTIONS_EACH; n++) {
                assertQuotedInTime(ask(bench, USERS * n + user));
              }
            }));
      }
      users.forEach(Await::result);
    }
  }

  private static void assertQuotedInTime(JsonNode answer) {
    assertEquals("extractive", answer.path("degradation").path("rung").asText(), answer.toString());
    assertEquals("backend_unreachable", answer.path("degradation").path("reason").asText());
    assertTrue(answer.path("response_time").asDouble() <= BAR_SECONDS, answer.toString());
  }

  @Test
  void deadBackendCostsEachQuestionOnlyTheRecoveryWait() {
    FakeOllama ollama = new FakeOllama();
    try (BackendPool pool = pool(ollama.url());
        HttpBench bench = bench(pool)) {
      Await.until("it is up", () -> pool.view().getFirst().phase().equals("UP"));
      assertFalse(ask(bench, -1).path("degraded").asBoolean());
      ollama.close();
      ask(bench, -2); // code that runs for the first time is slow
      assertAllAreQuotedInTime(bench);
      int embedded = bench.corpus().embedder().queriesEmbedded();
      assertTrue(embedded <= USERS, embedded + " were embedded"); // before the outage was known
    } finally {
      ollama.close();
    }
  }

  @Test
  void backendThatWasNeverUpCostsNoMore() {
    URI gone;
    try (FakeOllama ollama = new FakeOllama()) {
      gone = ollama.url();
    }
    try (BackendPool pool = pool(gone);
        HttpBench bench = bench(pool)) {
      ask(bench, -1); // code that runs for the first time is slow
      assertAllAreQuotedInTime(bench);
    }
  }

  @Test
  void undeliveredTextDoesNotProlongTheWait() {
    FakeOllama ollama = new FakeOllama().answers("[1] says thirty.").inPiecesOf(1);
    try (BackendPool pool = pool(ollama.url());
        HttpBench bench = bench(pool)) {
      Await.until("it is up", () -> pool.view().getFirst().phase().equals("UP"));
      ollama.failNext(Fault.CUT_AND_DIE, 2); // "[1" may become a citation, and is held back
      JsonNode answer = ask(bench, 0);
      assertEquals("extractive", answer.path("degradation").path("rung").asText());
      assertTrue(answer.path("response_time").asDouble() <= BAR_SECONDS, answer.toString());
    } finally {
      ollama.close();
    }
  }
}
