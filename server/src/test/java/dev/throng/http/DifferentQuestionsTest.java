package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.fixtures.Await;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crowd whose questions all differ, with a server whose searches take two simulated cores. */
final class DifferentQuestionsTest {
  private static final int USERS = 250;
  private static final int QUESTIONS_EACH = 2;
  private static final int CORES = 2;

  /** 250 searches take some 8 s then, more than the former limit of 5 s for one question's wait. */
  private static final Duration SEARCH = Duration.ofMillis(64);

  private final Semaphore cores = new Semaphore(CORES, true);
  private final AtomicInteger generated = new AtomicInteger();

  private void search() {
    cores.acquireUninterruptibly();
    LockSupport.parkNanos(SEARCH.toNanos());
    cores.release();
  }

  @Test
  void allWaitTheirTurnAndNoneIsRefusedOrGetsQuotes(@TempDir Path folder) {
    List<Future<?>> asked = new ArrayList<>();
    try (HttpBench bench = new HttpBench(folder)) {
      bench.corpus().write("soup.md", "Soup is served at noon."); // so that the words are rare
      bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      bench.corpus().embedder().beforeEveryQuery(this::search);
      try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < USERS; i++) {
          int user = i;
          asked.add(users.submit(() -> askAll(bench, user)));
        }
      } // close() waits for all of them
    }
    asked.forEach(Await::result);
    assertEquals(USERS * QUESTIONS_EACH, generated.get());
  }

  private void askAll(HttpBench bench, int user) {
    for (int n = 0; n < QUESTIONS_EACH; n++) {
      String body = "{\"query\":\"How many days of leave has number %d, %d?\"}".formatted(user, n);
      HttpRequest.Builder request =
          bench
              .request("/query")
              .timeout(Duration.ofMinutes(2))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body));
      JsonNode answer = HttpBench.json(200, bench.send(request));
      assertTrue(answer.path("degradation").isMissingNode(), answer.toString());
      generated.incrementAndGet();
    }
  }
}
