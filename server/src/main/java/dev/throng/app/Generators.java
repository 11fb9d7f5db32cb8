package dev.throng.app;

import dev.throng.backend.Backend;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.openai.OpenAiBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.config.BackendConfig;
import dev.throng.config.OllamaConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.ThrongException;
import dev.throng.observe.BackendMetrics;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what makes the answers. */
final class Generators {
  private static final Logger log = LoggerFactory.getLogger(Generators.class);
  static final URI LOCAL_OLLAMA = URI.create("http://localhost:11434");
  private static final int LOCAL_CONNECT_MILLIS = 1_000;

  private Generators() {}

  /**
   * What makes the answers.
   *
   * @param membership of the pool, when the generator is one
   */
  record Chosen(Generator generator, Optional<Membership> membership) {}

  /**
   * The generator that the configuration names; for {@code auto}, the backends if there are any
   * configured, or Ollama if it answers here.
   */
  static Chosen choose(ThrongConfig config, Embedder embedder, BackendMetrics metrics) {
    if (!usesBackends(config)) {
      return new Chosen(extractive(embedder), Optional.empty());
    }
    Membership membership = pool(config, metrics);
    return new Chosen(membership.pool(), Optional.of(membership));
  }

  private static boolean usesBackends(ThrongConfig config) {
    return switch (config.generator()) {
      case OLLAMA -> true;
      case EXTRACTIVE -> false;
      case AUTO -> !config.backends().isEmpty() || answersHere(config.ollama());
    };
  }

  /** What a server with this configuration would answer with; no backend has to generate for it. */
  static GeneratorIdentity identity(ThrongConfig config, Embedder embedder) {
    if (!usesBackends(config)) {
      try (Generator extractive = extractive(embedder)) {
        return extractive.identity();
      }
    }
    String digest = "";
    for (BackendConfig settings : backends(config)) {
      try (Backend backend = adapter(settings, config.ollama())) {
        digest = digest.isEmpty() ? backend.modelDigest() : digest;
      } catch (ThrongException e) {
        log.debug("{} does not tell its model: {}", settings.url(), e.getMessage());
      }
    }
    return new GeneratorIdentity("", config.ollama().model(), digest, "");
  }

  /** Those that are configured, or the one that everybody has. */
  static List<BackendConfig> backends(ThrongConfig config) {
    List<BackendConfig> configured = config.backends();
    return configured.isEmpty()
        ? List.of(BackendConfig.ollama(LOCAL_OLLAMA, config.ollama().slots()))
        : configured;
  }

  /** Whether other replicas may use the same backends. */
  static boolean useSharedBackends(ThrongConfig config) {
    return config.catalog().isShared() || config.redis().isUsed();
  }

  static Backend adapter(BackendConfig backend, OllamaConfig config) {
    return switch (backend.kind()) {
      case OLLAMA -> new OllamaBackend(backend, config);
      case OPENAI -> new OpenAiBackend(backend, config);
    };
  }

  /** What overload falls back on. */
  static Generator quoting() {
    return new ExtractiveGenerator(new LuceneWords(), Runtime.getRuntime().availableProcessors());
  }

  static boolean answersHere(OllamaConfig config) {
    if (!isListening(LOCAL_OLLAMA)) {
      return false;
    }
    try (OllamaBackend local = new OllamaBackend(LOCAL_OLLAMA, config)) {
      local.modelDigest();
      return true;
    } catch (ThrongException e) {
      log.debug("no Ollama here: {}", e.getMessage());
      return false;
    }
  }

  /** Asked first, because an HTTP client costs a start 40 ms, and most machines have no Ollama. */
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
        config.ollama().model(),
        backends.stream().map(backend -> backend.url().toString()).toList());
    BackendPool pool =
        new BackendPool(config.pool(), config.ollama(), List.of(), metrics, new SplittableRandom());
    if (useSharedBackends(config)) {
      pool.becomeShared(); // before it probes any
    }
    return new Membership(
        pool,
        backends,
        backend -> adapter(backend, config.ollama()),
        InetAddress::getAllByName,
        config.pool().dnsRefresh());
  }

  private static Generator extractive(Embedder embedder) {
    log.info(
        "no Ollama at {}: answers will be quotes from the documents (THRONG_OLLAMA_URLS names an Ollama)",
        LOCAL_OLLAMA);
    return new ExtractiveGenerator(
        embedder, new LuceneWords(), Runtime.getRuntime().availableProcessors());
  }
}
