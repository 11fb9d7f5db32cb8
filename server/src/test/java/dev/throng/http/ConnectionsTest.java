package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that wait for their clients are closed, and do not keep other clients out. */
@Timeout(180)
final class ConnectionsTest {
  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String QUERY =
      "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  private static final int MAX = 20;

  private final HttpBench bench;
  private final List<Socket> sockets = new ArrayList<>();

  ConnectionsTest(@TempDir Path folder) {
    bench =
        new HttpBench(
            folder,
            "server.max_connections",
            Integer.toString(MAX),
            "server.head_timeout",
            "1s",
            "server.body_timeout",
            "1s",
            "server.write_timeout",
            "1s",
            "server.idle_timeout",
            "1s");
    bench.corpus().writeAndPublish("a", "The canteen opens at noon.");
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    bench.close();
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port());
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String firstLine(Socket socket) throws IOException {
    byte[] read = new byte[4_096];
    int length = socket.getInputStream().read(read);
    return length < 0
        ? "closed"
        : new String(read, 0, length, StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  private double closed(String reason) {
    String metric = "throng_http_connections_closed_total{reason=\"" + reason + "\"} ";
    String line =
        bench
            .get("/metrics")
            .body()
            .lines()
            .filter(l -> l.startsWith(metric))
            .findFirst()
            .orElseThrow();
    return Double.parseDouble(line.substring(metric.length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /health/li",
        "GET /health/live HTTP/1.1\r\nHost: local",
        "GET /health/live HTTP/1.0\r\nX-Half: ",
      })
  void missingHeadEndsItsConnection(String part) throws IOException {
    Socket half = send(part);
    assertEquals("closed", firstLine(half));
    assertEquals(1, closed("head_late"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        QUERY + "Content-Length: 100\r\n\r\n{\"query\"",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"query\"",
        QUERY + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n{\"query\"",
        "POST /jobs/x/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1",
      })
  void missingBodyEndsItsConnection(String part) throws IOException {
    Socket half = send(part);
    String first = firstLine(half);
    assertTrue(first.equals("closed") || first.startsWith("HTTP/1.1 404"), first);
    Await.until("the connection to be counted", () -> closed("body_late") == 1);
  }

  @Test
  void connectionWithoutAFurtherRequestIsClosed() throws IOException {
    Socket idle = send(LIVE);
    assertEquals("HTTP/1.1 200 OK", firstLine(idle));
    assertEquals("closed", firstLine(idle));
    assertEquals(1, closed("idle"));
  }

  @Test
  void unreadResponseEndsItsConnection() throws IOException {
    Socket deaf = new Socket();
    sockets.add(deaf);
    deaf.setReceiveBufferSize(1_024);
    deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.server().port()));
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      requests.append("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    Thread.ofVirtual()
        .start(() -> {
          try {
            deaf.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
          } catch (IOException e) {
            return; // the server closed it
          }
        });
    Await.until("the connection to be closed", () -> closed("response_unread") == 1);
  }

  @Test
  void incompleteHeadsKeepNoClientOut() throws IOException {
    for (int i = 0; i < 3 * MAX; i++) {
      send("GET /health/live HTTP/1.1\r\nHost: ");
    }
    assertEquals("HTTP/1.1 200 OK", firstLine(send(LIVE)));
    String body = "{\"query\": \"Is there a canteen?\"}";
    assertEquals(
        "HTTP/1.1 200 OK",
        firstLine(send(QUERY + "Content-Length: " + body.length() + "\r\n\r\n" + body)));
    assertTrue(closed("made_room") > MAX);
  }

  @Test
  void incompleteBodiesKeepNoClientOut() throws IOException {
    for (int i = 0; i < 3 * MAX; i++) {
      send(QUERY + "Content-Length: 100\r\n\r\n{");
    }
    assertEquals("HTTP/1.1 200 OK", firstLine(send(LIVE)));
    assertEquals(
        "HTTP/1.1 200 OK", firstLine(send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")));
  }

  @Test
  void healthIsReportedWhileAllConnectionsAreInUse() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    bench.generator().waitsFor(gate);
    for (int i = 0; i < MAX; i++) {
      String body = "{\"query\": \"Is there a canteen?\", \"stream\": true}";
      send(QUERY + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
    Await.until("them to be served", () -> bench.server().inFlight() == MAX);
    assertEquals("HTTP/1.1 200 OK", firstLine(send(LIVE)));
    assertEquals(
        "HTTP/1.1 503 Service Unavailable",
        firstLine(send("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n")));
    gate.countDown();
  }

  @Test
  void disconnectedClientIsCountedButNotLoggedAsAnError() throws IOException {
    send(QUERY + "Content-Length: 100\r\n\r\n{\"query\"").close();
    Await.until("the disconnect to be counted", () -> closed("client_gone") == 1);
  }
}
