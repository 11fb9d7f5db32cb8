package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Health and metrics on a port of their own. */
@Timeout(120)
final class ManagementPortTest {
  private final int port;
  private final HttpBench bench;

  ManagementPortTest(@TempDir Path folder) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    bench = new HttpBench(folder, "server.management_port", Integer.toString(port));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private int status(String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return bench.send(HttpRequest.newBuilder(uri)).statusCode();
  }

  @Test
  void managementPortServesOnlyHealthAndMetrics() {
    assertEquals(200, status("/health/live"));
    assertEquals(200, status("/health/ready"));
    assertEquals(200, status("/metrics"));
    assertEquals(200, status("/admin"));
    assertEquals(404, status("/admin/backends"));
    assertEquals(404, status("/version"));
    assertEquals(404, status("/collections"));
  }

  @Test
  void mainPortServesHealthButNotMetrics() {
    assertEquals(200, bench.get("/health/live").statusCode());
    assertEquals(404, bench.get("/metrics").statusCode());
    assertEquals(404, bench.get("/admin").statusCode());
    assertEquals(200, bench.get("/version").statusCode());
  }
}
