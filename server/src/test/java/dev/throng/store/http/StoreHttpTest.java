package dev.throng.store.http;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.throng.config.Secret;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class StoreHttpTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT_TIMEOUT = Duration.ofMillis(200);
  private static final int MAX_CALLS = 4;
  private static final int MAX_BYTES = 1_000;

  /** How the server responds at present. */
  private interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  private HttpServer server;
  private StoreHttp http;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Behaviour behaviour = exchange -> send(exchange, 200, "{\"is\":\"well\"}");

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          behaviour.answer(exchange);
        });
    server.start();
    http = http(server.getAddress().getPort(), TIMEOUT);
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  private void shortenTimeout() {
    http.close();
    http = http(server.getAddress().getPort(), SHORT_TIMEOUT);
  }

  private static StoreHttp http(int port, Duration timeout) {
    return new StoreHttp(
        new StoreEndpoint(
            "teststore",
            URI.create("http://127.0.0.1:" + port + "/base"),
            Map.of("X-Token", new Secret("s3cret")),
            null,
            "heartbeat",
            timeout,
            timeout,
            MAX_CALLS,
            MAX_BYTES));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Deadline soon() {
    return Deadline.after(Ticker.system(), Duration.ofSeconds(10));
  }

  private String get() {
    return http.call(StoreCall.get("x"), soon()).path("is").asText();
  }

  @Test
  void callsAreSentBelowTheUrlWithTheirHeaders() {
    behaviour =
        exchange -> {
          String sent =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          assertEquals("/base/a/b", exchange.getRequestURI().getPath());
          assertEquals("s3cret", exchange.getRequestHeaders().getFirst("X-Token"));
          send(exchange, 201, sent);
        };
    assertEquals(
        "[1.5]",
        http.call(
                StoreCall.once(
                    "a/b",
                    out -> {
                      out.writeStartArray();
                      out.writeNumber(1.5f);
                      out.writeEndArray();
                    }),
                soon())
            .toString());
  }

  @Test
  void refusalsContainTheStoresMessage() {
    behaviour =
        exchange -> send(exchange, 400, "{\"error\":\"Invalid\",\"message\":\"no such field\"}");
    assertFails(ErrorCode.STORE_FAILED, this::get, "teststore at", "400", "GET x", "no such field");
    behaviour = exchange -> send(exchange, 401, "<html>who are you?</html>");
    assertFails(ErrorCode.STORE_FAILED, this::get, "401", "who are you?");
    assertEquals(401, http.ask(StoreCall.get("x"), soon()).status());
    behaviour = exchange -> send(exchange, 200, "<html>another server</html>");
    assertFails(ErrorCode.STORE_FAILED, this::get, "invalid JSON", "another server", "a teststore");
    behaviour = exchange -> send(exchange, 200, "\"" + "x".repeat(MAX_BYTES) + "\"");
    assertFails(ErrorCode.STORE_FAILED, this::get, "longer than 1000 bytes");
    for (int i = 0; i < 10; i++) {
      assertFails(ErrorCode.STORE_FAILED, this::get);
    }
    assertFalse(http.isDegraded(), "a store that answers is available");
  }

  @Test
  void failingStoreIsSkippedUntilItAnswersAProbe() {
    behaviour = exchange -> send(exchange, 503, "{\"message\":\"starting\"}");
    for (int i = 0; i < 3; i++) {
      assertFails(ErrorCode.STORE_UNAVAILABLE, this::get, "503", "starting");
    }
    assertTrue(http.isDegraded());
    int before = calls.get();
    assertFails(ErrorCode.STORE_UNAVAILABLE, this::get, "being probed");
    assertTrue(calls.get() <= before + 1, "no more than a probe");
    behaviour =
        exchange -> {
          boolean isProbe = exchange.getRequestURI().getPath().equals("/base/heartbeat");
          send(exchange, isProbe ? 200 : 500, "{}");
        };
    Await.until("a probe is answered", () -> !http.isDegraded());
    assertFails(ErrorCode.STORE_UNAVAILABLE, this::get, "500");
    assertTrue(http.isDegraded(), "answers only probes");
    behaviour = exchange -> send(exchange, 200, "{\"is\":\"back\"}");
    Await.until("it recovers", () -> !http.isDegraded());
    assertEquals("back", get());
  }

  @Test
  void unresponsiveStoreCostsTheTimeoutOnce() {
    shortenTimeout();
    CountDownLatch thaw = new CountDownLatch(1);
    behaviour = exchange -> Await.latch(thaw);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      assertFails(ErrorCode.STORE_UNAVAILABLE, this::get);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(SHORT_TIMEOUT.multipliedBy(8)) < 0, took::toString);
    behaviour = exchange -> send(exchange, 200, "{\"is\":\"thawed\"}");
    thaw.countDown();
    Await.until("it recovers", () -> !http.isDegraded());
    assertEquals("thawed", get());
  }

  @Test
  void answerThatStopsHalfwayIsAbandonedToo() {
    shortenTimeout();
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        };
    assertFails(ErrorCode.STORE_UNAVAILABLE, this::get, "in time");
  }

  @Test
  void callersWithShortDeadlinesDoNotCountAsStoreFailures() {
    CountDownLatch thaw = new CountDownLatch(1);
    behaviour = exchange -> Await.latch(thaw);
    for (int i = 0; i < 10; i++) {
      Deadline hurry = Deadline.after(Ticker.system(), Duration.ofMillis(20));
      assertFails(
          ErrorCode.STORE_UNAVAILABLE, () -> http.call(StoreCall.get("x"), hurry), "in time");
      assertFails(
          ErrorCode.DEADLINE_EXCEEDED, () -> http.call(StoreCall.get("x"), hurry), "teststore");
    }
    assertFalse(http.isDegraded());
    thaw.countDown();
  }

  @Test
  void runningCallsNeverExceedTheLimit() throws Exception {
    CountDownLatch thaw = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    behaviour =
        exchange -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          Await.latch(thaw);
          running.decrementAndGet();
          send(exchange, 200, "{\"is\":\"done\"}");
        };
    CountDownLatch all = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      Thread.startVirtualThread(() -> {
        get();
        all.countDown();
      });
    }
    Await.until("the rest wait", () -> http.waiting() == 10 - MAX_CALLS);
    Await.until("these are running", () -> running.get() == MAX_CALLS);
    thaw.countDown();
    Await.latch(all);
    assertEquals(MAX_CALLS, most.get());
  }

  @Test
  void interruptedCallerStopsWaitingAndReleasesItsSlot() {
    CountDownLatch thaw = new CountDownLatch(1);
    behaviour = exchange -> Await.latch(thaw);
    for (int i = 0; i < MAX_CALLS + 1; i++) {
      CompletableFuture<ErrorCode> failure = new CompletableFuture<>();
      int before = calls.get();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              get();
            } catch (ThrongException e) {
              failure.complete(
                  Thread.currentThread().isInterrupted() ? e.code() : ErrorCode.INTERNAL);
            }
          });
      Await.until("the call is sent", () -> calls.get() > before);
      caller.interrupt();
      assertEquals(ErrorCode.SHUTTING_DOWN, Await.result(failure));
    }
    thaw.countDown();
  }

  @Test
  void connectionThatDiedWhileIdleCausesNoFailure() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        StoreHttp flaky = http(listening.getLocalPort(), TIMEOUT)) {
      AtomicInteger connections = new AtomicInteger();
      Thread.startVirtualThread(() -> {
        while (true) {
          try (Socket socket = listening.accept()) {
            boolean isFirst = connections.incrementAndGet() == 1;
            if (!isFirst) {
              byte[] answer =
                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                      .getBytes(StandardCharsets.US_ASCII);
              socket.getOutputStream().write(answer);
              socket.getInputStream().read();
            }
          } catch (IOException e) {
            return; // closed
          }
        }
      });
      assertEquals(
          "{}",
          Objects.toString(flaky.call(StoreCall.repeatable("x", out -> out.writeNull()), soon())));
      assertEquals(2, connections.get());
    }
  }

  @Test
  void unreachableStoreIsReported() throws IOException {
    server.stop(0);
    assertFails(ErrorCode.STORE_UNAVAILABLE, this::get, "connection refused", "http://127.0.0.1");
  }
}
