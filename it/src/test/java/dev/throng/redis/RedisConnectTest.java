package dev.throng.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.config.ConfigLoader;
import dev.throng.config.RedisConfig;
import dev.throng.it.Component;
import dev.throng.it.Started;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a replica gets its connection to Redis. */
@Timeout(180)
final class RedisConnectTest {
  /** Longer than `redis.timeout`, which bounds a command and not the handshake. */
  private static final Duration SLOW_HANDSHAKE = Duration.ofMillis(400);

  private static final Duration LONG = Duration.ofSeconds(10);

  @RegisterExtension private static final Started<Component> redis = Started.by(Component::redis);

  private static Redis connect(int port) {
    RedisConfig config =
        ConfigLoader.load(null, Map.of("THRONG_REDIS_URLS", "redis://127.0.0.1:" + port), Map.of())
            .redis();
    return new Redis(config, "r1", new SimpleMeterRegistry(), () -> 1L);
  }

  /** Handles each connection to a port. */
  private interface Handler {
    void handle(Socket client) throws IOException, InterruptedException;
  }

  /** A port of this test, open until it is closed. */
  private static ServerSocket listen(Handler handler) throws IOException {
    ServerSocket port = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!port.isClosed()) {
            try {
              Socket client = port.accept();
              Thread.ofVirtual()
                  .start(() -> {
                    try (client) {
                      handler.handle(client);
                    } catch (IOException | InterruptedException e) {
                      // The test is over.
                    }
                  });
            } catch (IOException e) {
              return; // closed
            }
          }
        });
    return port;
  }

  /** Forwards a connection to Redis after a pause. */
  private static void forwardLate(Socket client) throws IOException, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(SLOW_HANDSHAKE.toNanos());
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), redis.get().port())) {
      Thread requests =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                  // One side has closed the connection.
                }
              });
      server.getInputStream().transferTo(client.getOutputStream());
      requests.join();
    }
  }

  @Test
  void handshakeMayTakeLongerThanACommand() throws Exception {
    try (ServerSocket port = listen(RedisConnectTest::forwardLate);
        Redis replica = connect(port.getLocalPort())) {
      assertTrue(replica.awaitUse(LONG));
    }
  }

  @Test
  void redisThatRefusesConnectionsIsNotFlooded() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (ServerSocket port = listen(_ -> attempts.incrementAndGet());
        Redis replica = connect(port.getLocalPort())) {
      assertFalse(replica.awaitUse(Duration.ofSeconds(2)));
      assertTrue(attempts.get() >= 1, "no attempt");
      assertTrue(attempts.get() <= 10, () -> attempts + " attempts in 2 s");
    }
  }
}
