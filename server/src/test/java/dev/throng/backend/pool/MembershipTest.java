package dev.throng.backend.pool;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.backend.Backend;
import dev.throng.config.BackendConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.WellBackend;
import dev.throng.observe.BackendMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Host names whose addresses change, and a configuration that changes. */
final class MembershipTest {
  private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();
  private final BackendPool pool =
      new BackendPool(
          Configs.with().pool(),
          Configs.with().model(),
          List.of(),
          new BackendMetrics(new SimpleMeterRegistry(), Configs.with().observe()),
          new SplittableRandom(1));
  private final Membership membership =
      new Membership(pool, List.of(), this::adapter, this::lookUp, Duration.ofMillis(5));

  private Backend adapter(BackendConfig config) {
    if (config.url().getPath().equals("/broken")) {
      throw new ThrongException(ErrorCode.BACKEND_ERROR, "ca_file: broken");
    }
    return new WellBackend(config, "digest");
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    List<String> found = addresses.get(host);
    if (found == null) {
      throw new UnknownHostException(host);
    }
    return Stream.of(found.toArray(String[]::new))
        .map(InetAddress::ofLiteral)
        .toArray(InetAddress[]::new);
  }

  @AfterEach
  void close() {
    membership.close();
    pool.close();
  }

  private void configure(String... urls) {
    membership.configure(
        Stream.of(urls).map(url -> BackendConfig.ollama(URI.create(url), 1)).toList());
  }

  private List<String> names() {
    return pool.view().stream().map(PoolState.View::name).toList();
  }

  private void awaitNames(String... expected) {
    Await.until(
        String.join(", ", expected), () -> List.of(expected).equals(names().stream().toList()));
  }

  @Test
  void nameWithOneAddressKeepsItsName() {
    addresses.put("gpu1", List.of("10.0.0.1", "fd00::1"));
    configure("http://gpu1:11434", "http://10.0.0.9:1", "https://cloud:443");
    assertEquals(List.of("http://gpu1:11434", "http://10.0.0.9:1", "https://cloud:443"), names());
  }

  @Test
  void nameWithManyAddressesIsOneBackendPerAddressAndIsResolvedAgain() {
    addresses.put("ollama", List.of("10.0.0.1", "10.0.0.2"));
    configure("http://ollama:11434/base");
    awaitNames("http://10.0.0.1:11434/base", "http://10.0.0.2:11434/base");
    addresses.put("ollama", List.of("10.0.0.2", "10.0.0.3"));
    awaitNames("http://10.0.0.2:11434/base", "http://10.0.0.3:11434/base");
  }

  @Test
  void backendKeepsItsNameWhenASecondAddressAppears() {
    addresses.put("ollama", List.of("10.0.0.1"));
    configure("http://ollama:1");
    awaitNames("http://ollama:1");
    addresses.put("ollama", List.of("10.0.0.1", "10.0.0.2"));
    awaitNames("http://ollama:1", "http://10.0.0.2:1");
  }

  @Test
  void nameThatCannotBeResolvedChangesNothing() {
    configure("http://later:1");
    awaitNames("http://later:1");
    addresses.put("later", List.of("10.0.0.1", "10.0.0.2"));
    awaitNames("http://10.0.0.1:1", "http://10.0.0.2:1");
    addresses.remove("later");
    configure("http://later:1", "http://10.0.0.4:1");
    awaitNames("http://10.0.0.1:1", "http://10.0.0.2:1", "http://10.0.0.4:1");
  }

  @Test
  void addressConfiguredTwiceIsOneBackend() {
    addresses.put("a", List.of("10.0.0.1"));
    configure("http://a:1", "http://a:1", "http://10.0.0.1:1");
    awaitNames("http://a:1");
  }

  @Test
  void invalidConfigurationChangesNothing() {
    configure("http://10.0.0.1:1");
    assertFails(
        ErrorCode.BACKEND_ERROR, () -> configure("http://10.0.0.2:1", "http://10.0.0.3:1/broken"));
    assertEquals(List.of("http://10.0.0.1:1"), names());
  }
}
