package dev.throng.app;

import dev.throng.backend.Backend;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.openai.OpenAiBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.config.BackendConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.ThrongException;
import dev.throng.observe.BackendMetrics;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the generator of answers. */
final class Generators {
  private static final Logger log = LoggerFactory.getLogger(Generators.class);
  static final URI LOCAL_OLLAMA = URI.create("http://localhost:11434");
  private static final int LOCAL_CONNECT_MILLIS = 1_000;

  private Generators() {}

  /**
   * The chosen generator.
   *
   * @param membership of the pool; null when the generator is not one
   */
  record Chosen(Generator generator, @Nullable Membership membership) {}

  /**
   * Returns the configured generator. For {@code auto}, it is the pool of backends if any are
   * configured or a local Ollama answers.
   */
  static Chosen choose(ThrongConfig config, Embedder embedder, BackendMetrics metrics) {
    if (!usesBackends(config)) {
      return new Chosen(extractive(embedder), null);
    }
    Membership membership = pool(config, metrics);
    return new Chosen(membership.pool(), membership);
  }

  private static boolean usesBackends(ThrongConfig config) {
    return switch (config.generator()) {
      case OLLAMA -> true;
      case EXTRACTIVE -> false;
      case AUTO -> !config.backends().isEmpty() || answersHere(config);
    };
  }

  /**
   * Returns the identity of the generator that a server with this configuration would use. No
   * backend has to generate for this.
   */
  static GeneratorIdentity identity(ThrongConfig config, Embedder embedder) {
    if (!usesBackends(config)) {
      try (Generator extractive = extractive(embedder)) {
        return extractive.identity();
      }
    }
    String digest = "";
    for (BackendConfig settings : backends(config)) {
      try (Backend backend = adapter(settings, config)) {
        digest = digest.isEmpty() ? backend.modelDigest() : digest;
      } catch (ThrongException e) {
        log.debug("{} does not report its model: {}", settings.url(), e.getMessage());
      }
    }
    return new GeneratorIdentity("", config.model().name(), digest, "");
  }

  /** Returns the configured backends, or a local Ollama if there are none. */
  static List<BackendConfig> backends(ThrongConfig config) {
    List<BackendConfig> configured = config.backends();
    return configured.isEmpty()
        ? List.of(BackendConfig.ollama(LOCAL_OLLAMA, config.ollama().slots()))
        : configured;
  }

  /** Returns whether other replicas may use the same backends. */
  static boolean useSharedBackends(ThrongConfig config) {
    return config.catalog().isShared() || config.redis().isUsed();
  }

  static Backend adapter(BackendConfig backend, ThrongConfig config) {
    return switch (backend.kind()) {
      case OLLAMA -> new OllamaBackend(backend, config.model(), config.ollama());
      case OPENAI -> new OpenAiBackend(backend, config.model());
    };
  }

  /** Returns the generator to which overload falls back. */
  static Generator quoting() {
    return new ExtractiveGenerator(new LuceneWords(), Runtime.getRuntime().availableProcessors());
  }

  static boolean answersHere(ThrongConfig config) {
    if (!isListening(LOCAL_OLLAMA)) {
      return false;
    }
    try (OllamaBackend local = new OllamaBackend(LOCAL_OLLAMA, config.model(), config.ollama())) {
      local.modelDigest();
      return true;
    } catch (ThrongException e) {
      log.debug("no local Ollama: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Checks whether the port accepts connections first, because creating an HTTP client takes 40 ms
   * of the startup, and most machines have no Ollama.
   */
  private static boolean isListening(URI url) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), LOCAL_CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      log.debug("nothing listens at {}: {}", url, e.getMessage());
      return false;
    }
  }

  private static Membership pool(ThrongConfig config, BackendMetrics metrics) {
    List<BackendConfig> backends = backends(config);
    log.info(
        "answers come from {} at {}",
        config.model().name(),
        backends.stream().map(backend -> backend.url().toString()).toList());
    BackendPool pool =
        new BackendPool(config.pool(), config.model(), List.of(), metrics, new SplittableRandom());
    if (useSharedBackends(config)) {
      pool.becomeShared(); // before any backend is probed
    }
    return new Membership(
        pool,
        backends,
        backend -> adapter(backend, config),
        InetAddress::getAllByName,
        config.pool().dnsRefresh());
  }

  private static Generator extractive(Embedder embedder) {
    log.info(
        "no Ollama at {}: answers will be quotes from the documents (set THRONG_OLLAMA_URLS to use an Ollama)",
        LOCAL_OLLAMA);
    return new ExtractiveGenerator(
        embedder, new LuceneWords(), Runtime.getRuntime().availableProcessors());
  }
}
