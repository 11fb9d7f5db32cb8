package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no HTTP library sends, but old proxies, health checks and mistakes do. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class RawHttpTest {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CLOSE = "Connection: close\r\n";

  @TempDir private Path folder = Path.of("");
  private HttpBench bench;

  @BeforeEach
  void open() {
    bench = new HttpBench(folder);
    bench.corpus().writeAndPublish("a", "The canteen opens at noon.");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  /** Everything until the server closes the connection; it must, or the test takes too long. */
  private String answer(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertStatus(int status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 %d ".formatted(status)), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: localhost\r\n", "Connection: keep-alive\r\n"})
  void http10RequestsAreServedOnePerConnection(String header) throws IOException {
    String live = answer("GET /health/live HTTP/1.0\r\n" + header + "\r\n");
    assertStatus(200, live);
    assertTrue(live.endsWith("{\"status\":\"live\"}"), live);
    String body = "{\"query\": \"Is there a canteen?\"}";
    String asked =
        answer(
            "POST /query HTTP/1.0\r\n%s%sContent-Length: %d\r\n\r\n%s"
                .formatted(header, JSON, body.length(), body));
    assertStatus(200, asked);
    assertTrue(asked.contains("\"finish_reason\""), asked);
  }

  @Test
  void connectionIsClosedAfterTheLastRequest() throws IOException {
    String answer = answer("GET /health/live HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + "\r\n");
    assertStatus(200, answer);
  }

  @Test
  void healthCheckMayUseHead() throws IOException {
    String answer = answer("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n" + CLOSE + "\r\n");
    assertStatus(200, answer);
    assertTrue(answer.endsWith("\r\n\r\n"), answer);
  }

  @Test
  void invalidChunkLengthIsAnError() throws IOException {
    String answer =
        answer(
            "POST /query HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                + JSON
                + "\r\nZZ\r\nabc\r\n0\r\n\r\n");
    assertStatus(400, answer);
    assertTrue(answer.contains("\"malformed_http\"") && answer.contains("ZZ"), answer);
  }

  @Test
  void overlongOrNonHttpRequestsAreRefused() throws IOException {
    assertStatus(
        414, answer("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    assertStatus(400, answer("GET /health/live HTTP/1.1\nHost: x\n\n"));
    assertStatus(400, answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    String long10 = answer("GET / HTTP/1.0\r\nX: " + "a".repeat(100_000) + "\r\n\r\n");
    assertFalse(long10.startsWith("HTTP/1.1 200"), long10);
    assertEquals("", answer("\0\1\2\r\n\r\n"));
  }
}
