package dev.throng.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page cannot make a browser use this server under another name, or for another site. */
@Timeout(120)
final class HostGateTest {
  private final HttpBench bench;

  HostGateTest(@TempDir Path folder) {
    bench = new HttpBench(folder, "server.allowed_hosts", "docs.example.org, *.intern.example");
    bench.corpus().writeAndPublish("a", "The canteen opens at noon.");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private int status(String method, String path, String headers) throws IOException {
    String body = method.equals("POST") ? "{\"query\": \"Is there a canteen?\"}" : "";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.server().port())) {
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(method, path, headers, body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(response.substring("HTTP/1.1 ".length()).substring(0, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "127.0.0.1",
        "127.1.2.3:80",
        "[::1]:8080",
        "docs.example.org",
        "Docs.Example.Org.:443",
        "a.b.intern.example"
      })
  void ownNamesAreServed(String host) throws IOException {
    assertEquals(200, status("POST", "/query", "Host: " + host + "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "intern.example",
        "xdocs.example.org"
      })
  void foreignNamesAreRefusedOnEveryRoute(String host) throws IOException {
    String header = "Host: " + host + "\r\n";
    assertEquals(421, status("POST", "/query", header));
    assertEquals(421, status("POST", "/search", header));
    assertEquals(421, status("GET", "/collections", header));
    assertEquals(421, status("DELETE", "/collections/default/documents/x", header));
    assertEquals(421, status("POST", "/jobs/x/cancel", header));
    assertEquals(421, status("POST", "/admin/purge", header));
    assertEquals(421, status("GET", "/nothing", header));
    assertEquals(421, status("PUT", "/query", header));
  }

  @Test
  void probesAreAllowedUnderAnyAddress() throws IOException {
    assertEquals(200, status("GET", "/health/live", "Host: 10.1.2.3:8080\r\n"));
    assertEquals(200, status("GET", "/health/ready", "Host: throng.svc\r\n"));
    assertEquals(200, status("GET", "/metrics", "Host: 10.1.2.3\r\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, localhost:8080, 200",
    "http://localhost, localhost:80, 200",
    "https://docs.example.org, docs.example.org, 200",
    "https://docs.example.org, localhost:8080, 200",
    "http://localhost:3000, localhost:8080, 403",
    "http://evil.example, localhost:8080, 403",
    "null, localhost:8080, 403",
  })
  void pagesOfOtherSitesAreRefused(String origin, String host, int status) throws IOException {
    String headers = "Host: %s\r\nOrigin: %s\r\n".formatted(host, origin);
    assertEquals(status, status("POST", "/query", headers));
    int job = status("POST", "/jobs/x/cancel", headers);
    assertEquals(status == 200 ? 404 : status, job);
  }

  @Test
  void fetchSiteHeaderIsUsedWhenTheOriginIsHidden() throws IOException {
    String headers = "Host: localhost\r\nSec-Fetch-Site: %s\r\n";
    assertEquals(403, status("POST", "/query", headers.formatted("cross-site")));
    assertEquals(403, status("POST", "/jobs/x/retry", headers.formatted("same-site")));
    assertEquals(200, status("POST", "/query", headers.formatted("same-origin")));
    assertEquals(200, status("POST", "/query", headers.formatted("none")));
    assertEquals(200, status("GET", "/collections", headers.formatted("cross-site")));
  }
}
