package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.rig.ServerProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.config.RedisConfig;
import dev.throng.core.Answer;
import dev.throng.core.Answer.FinishReason;
import dev.throng.core.CollectionRef;
import dev.throng.core.Fingerprint;
import dev.throng.core.Hash;
import dev.throng.core.MadeFrom;
import dev.throng.core.TokenCount;
import dev.throng.fixtures.Await;
import dev.throng.it.Command;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Redis behind TLS, with a certificate that only its operator trusts. */
@Timeout(180)
final class RedisTlsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void serverIsVerifiedWithTheConfiguredCertificates() throws Exception {
    certificate();
    int port = ServerProcess.freePort();
    Process server = server(port);
    try (Redis trusting = redis(port, folder.resolve("cert.pem").toString());
        Redis strict = redis(port, "")) {
      Await.until("it connects", () -> !trusting.isDegraded());
      Fingerprint prompt = new Fingerprint(Hash.of("p".getBytes(StandardCharsets.UTF_8)));
      Answer answer =
          new Answer(
              "a",
              "text",
              "g",
              "m",
              FinishReason.STOP,
              Map.of(),
              0,
              TokenCount.ofText(1),
              List.of());
      trusting
          .tier()
          .keep(
              prompt, answer, new MadeFrom(new CollectionRef("default", "default"), 1, Set.of(1L)));
      Await.until("it is kept", () -> trusting.tier().generatedFrom(prompt).isPresent());
      assertTrue(strict.isDegraded(), "an untrusted certificate");
    } finally {
      server.destroyForcibly();
    }
  }

  private Process server(int port) throws IOException {
    return new ProcessBuilder(
            "redis-server",
            "--port",
            "0",
            "--tls-port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--tls-cert-file",
            folder.resolve("cert.pem").toString(),
            "--tls-key-file",
            folder.resolve("key.pem").toString(),
            "--tls-auth-clients",
            "no",
            "--save",
            "",
            "--requirepass",
            "s3cret")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("redis.log").toFile())
        .start();
  }

  private Redis redis(int port, String caFile) {
    Map<String, String> settings = new HashMap<>();
    settings.put("redis.password", "s3cret");
    if (!caFile.isEmpty()) {
      settings.put("redis.ca_file", caFile);
    }
    RedisConfig config =
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", "rediss://127.0.0.1:" + port), settings)
            .redis();
    return new Redis(config, "r1", new SimpleMeterRegistry(), () -> 1L);
  }

  private void certificate() {
    var _ =
        Command.run(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve("key.pem").toString(),
                "-out",
                folder.resolve("cert.pem").toString()));
  }
}
