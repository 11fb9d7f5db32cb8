package dev.throng.contract;

import dev.throng.backend.Backend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.ThrongConfig;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.FakeOllama;
import dev.throng.fixtures.Pools;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Two simulated Ollama servers and a pool over them whose backends are up. */
final class TwoOllamas implements AutoCloseable {
  static final String ANSWER = "Two days a week may be worked from home [1], more if asked.";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeOllama first = new FakeOllama().answers(ANSWER);
  private final FakeOllama second = new FakeOllama().answers(ANSWER);
  private final BackendPool pool = pool(first.url(), second.url());

  /** Returns a pool over some servers, which the caller closes. */
  BackendPool pool(URI... urls) {
    ThrongConfig config =
        Configs.with(
            "model.first_token_timeout", "400ms",
            "model.between_tokens_timeout", "400ms",
            "ollama.slots", "2",
            "model.temperature", "0.0");
    List<Backend> backends = new ArrayList<>();
    Stream.of(urls).forEach(url -> backends.add(Pools.ollama(url, config)));
    BackendPool warming =
        Pools.warm(
            Configs.with(
                    "pool.min_cooldown",
                    "100ms",
                    "pool.slow_start",
                    "0ms",
                    "pool.recovery_wait",
                    "0ms")
                .pool(),
            config.model(),
            meters,
            backends);
    Stream.of(first, second).forEach(FakeOllama::forgetGenerations);
    return warming;
  }

  FakeOllama first() {
    return first;
  }

  FakeOllama second() {
    return second;
  }

  BackendPool pool() {
    return pool;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  @Override
  public void close() {
    pool.close();
    first.close();
    second.close();
  }
}
