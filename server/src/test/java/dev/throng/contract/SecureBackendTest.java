package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.throng.backend.BackendHttp;
import dev.throng.config.BackendConfig;
import dev.throng.config.BackendKind;
import dev.throng.config.Secret;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend behind HTTPS, with a certificate that only its operator trusts. */
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class SecureBackendTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    SelfSigned key = new SelfSigned(folder);
    key.export(folder.resolve("ca.pem"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(key.context()));
    server.createContext(
        "/base/api/tags",
        exchange -> {
          byte[] body = "{\"models\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private BackendHttp http(@Nullable Path caFile) {
    URI url = URI.create("https://localhost:" + server.getAddress().getPort() + "/base/");
    return new BackendHttp(
        new BackendConfig(BackendKind.OLLAMA, url, 1, 1, "", new Secret(""), caFile), TIMEOUT);
  }

  @Test
  void backendIsTrustedWithTheOperatorsCertificate() {
    try (BackendHttp http = http(folder.resolve("ca.pem"))) {
      assertEquals(0, http.get("api/tags", TIMEOUT).path("models").size());
    }
  }

  @Test
  void backendIsNotTrustedWithoutTheCertificate() {
    try (BackendHttp http = http(null)) {
      assertFails(
          ErrorCode.BACKEND_UNREACHABLE,
          () -> http.get("api/tags", TIMEOUT),
          "TLS connection failed");
    }
  }

  @Test
  void fileWithoutCertificatesIsReported() throws IOException {
    Path file = Files.writeString(folder.resolve("empty.pem"), "nothing");
    assertFails(ErrorCode.BACKEND_ERROR, () -> http(file), "empty.pem", "PEM");
  }
}
