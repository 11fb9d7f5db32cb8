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
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend behind HTTPS, with a certificate that only its operator trusts. */
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class SecureBackendTest {
  private static final String PASSWORD = "changeit";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private HttpsServer server;

  @BeforeEach
  void start() throws Exception {
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    keytool("-exportcert", "-rfc", "-file", folder.resolve("ca.pem").toString());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context()));
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

  private void keytool(String... arguments) throws IOException, InterruptedException {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "a", "-storepass", PASSWORD, "-keystore", store().toString()));
    assertEquals(0, new ProcessBuilder(command).redirectErrorStream(true).start().waitFor());
  }

  private Path store() {
    return folder.resolve("keys.p12");
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
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
