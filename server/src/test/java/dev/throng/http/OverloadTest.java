package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of limits and of waiting. */
final class OverloadTest {
  private static final String QUESTION = "{\"query\":\"How many days of leave are there?\"}";

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void tenantAboveItsRateIsRefusedWithARetryDelay(@TempDir Path folder) {
    try (HttpBench bench =
        new HttpBench(folder, "admission.rate_per_second", "1", "admission.burst", "2")) {
      bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      HttpResponse<String> first = bench.post("/query", QUESTION);
      assertEquals(200, first.statusCode());
      assertEquals("2", header(first, "ratelimit-limit"));
      assertEquals("1", header(first, "ratelimit-remaining"));
      assertEquals(200, bench.post("/search", QUESTION).statusCode());
      HttpResponse<String> refused = bench.post("/query", "not even JSON");
      assertEquals(429, refused.statusCode());
      assertTrue(refused.body().contains("\"code\":\"rate_limited\""), refused.body());
      assertEquals("0", header(refused, "ratelimit-remaining"));
      assertEquals("2", header(refused, "ratelimit-reset"));
      assertEquals("1", header(refused, "retry-after"));
      assertEquals(200, bench.get("/health/live").statusCode());
    }
  }

  @Test
  void withoutALimitThereIsNoRateLimitHeader(@TempDir Path folder) {
    try (HttpBench bench = new HttpBench(folder)) {
      bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      assertEquals("", header(bench.post("/query", QUESTION), "ratelimit-limit"));
    }
  }

  @Test
  void streamReportsTheQueuePositionBeforeTheSources(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (HttpBench bench = new HttpBench(folder)) {
      bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      CountDownLatch gate = new CountDownLatch(1);
      bench.generator().waitsFor(gate);
      int slots = bench.generator().slots();
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < slots; i++) {
        all.add(stream(bench, "Question number " + i + "?"));
      }
      Await.until("all slots are taken", () -> bench.generator().generations() == slots);
      try (BufferedReader waits = lines(bench, "And who waits?")) {
        assertEquals("event: queued", waits.readLine());
        gate.countDown();
        String rest = String.join("\n", waits.lines().toList());
        assertTrue(rest.contains("data: {\"position\":1,\"estimated_wait\":"), rest);
        assertTrue(rest.contains("event: sources"), rest);
        assertFalse(rest.substring(rest.indexOf("event: sources")).contains("queued"), rest);
        assertTrue(rest.contains("event: done\n"), rest);
      }
      all.forEach(Await::result);
    }
  }

  @Test
  void priorityIsInteractiveOrBatch(@TempDir Path folder) {
    try (HttpBench bench = new HttpBench(folder)) {
      bench.corpus().writeAndPublish("leave.md", "There are thirty days of leave.");
      String batch = "{\"query\":\"Days?\",\"options\":{\"priority\":\"batch\"}}";
      assertEquals(200, bench.post("/query", batch).statusCode());
      HttpResponse<String> refused = bench.post("/query", batch.replace("batch", "urgent"));
      assertEquals(400, refused.statusCode());
      assertTrue(refused.body().contains("options.priority"), refused.body());
    }
  }

  private static CompletableFuture<HttpResponse<String>> stream(HttpBench bench, String question) {
    return bench.client().sendAsync(request(bench, question), BodyHandlers.ofString());
  }

  private static BufferedReader lines(HttpBench bench, String question)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        bench.client().send(request(bench, question), BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static HttpRequest request(HttpBench bench, String question) {
    return bench
        .request("/query")
        .header("Accept", "text/event-stream")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"query\":\"" + question + "\"}"))
        .build();
  }
}
