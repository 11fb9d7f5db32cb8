package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops waits for its clients, once. */
@Timeout(120)
final class DrainTest {
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

  @Test
  void requestThatDoesNotEndIsWaitedForOnce(@TempDir Path folder) {
    CountDownLatch gate = new CountDownLatch(1);
    try (HttpBench bench =
        new HttpBench(folder, "server.drain_timeout", DRAIN_TIMEOUT.toSeconds() + "s")) {
      bench.corpus().writeAndPublish("a", "The canteen opens at noon.");
      bench.generator().waitsFor(gate);
      var _ =
          bench
              .client()
              .sendAsync(
                  bench
                      .request("/query")
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString("{\"query\": \"When does the canteen open?\"}"))
                      .build(),
                  BodyHandlers.discarding());
      Await.until("the request is being served", () -> bench.server().inFlight() > 0);
      long startNanos = System.nanoTime();
      bench.server().drain();
      bench.server().close();
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      assertTrue(took.compareTo(DRAIN_TIMEOUT) >= 0, took.toString());
      assertTrue(took.compareTo(DRAIN_TIMEOUT.multipliedBy(2)) < 0, took.toString());
    } finally {
      gate.countDown();
    }
  }
}
