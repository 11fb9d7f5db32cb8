package dev.throng.app;

import dev.throng.backend.Backend;
import dev.throng.backend.Embedder;
import dev.throng.backend.Generator;
import dev.throng.backend.extractive.ExtractiveGenerator;
import dev.throng.backend.ollama.OllamaBackend;
import dev.throng.backend.pool.BackendPool;
import dev.throng.config.OllamaConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.ThrongException;
import dev.throng.observe.BackendMetrics;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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
   * The generator that the configuration names; for {@code auto}, Ollama if it is configured or
   * answers here.
   */
  static Generator choose(ThrongConfig config, Embedder embedder, BackendMetrics metrics) {
    OllamaConfig ollama = config.ollama();
    return switch (config.generator()) {
      case OLLAMA ->
          pool(config, ollama.urls().isEmpty() ? List.of(LOCAL_OLLAMA) : ollama.urls(), metrics);
      case EXTRACTIVE -> extractive(embedder);
      case AUTO -> {
        if (!ollama.urls().isEmpty()) {
          yield pool(config, ollama.urls(), metrics);
        }
        yield answersHere(ollama)
            ? pool(config, List.of(LOCAL_OLLAMA), metrics)
            : extractive(embedder);
      }
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

  private static Generator pool(ThrongConfig config, List<URI> urls, BackendMetrics metrics) {
    OllamaConfig ollama = config.ollama();
    log.info("answers come from Ollama, model {}, at {}", ollama.model(), urls);
    List<Backend> backends = new ArrayList<>();
    urls.forEach(url -> backends.add(new OllamaBackend(url, ollama)));
    return new BackendPool(config.pool(), ollama, backends, metrics, new SplittableRandom());
  }

  private static Generator extractive(Embedder embedder) {
    log.info(
        "answers quote the documents (no Ollama at {}; set THRONG_OLLAMA_URLS to use one)",
        LOCAL_OLLAMA);
    return new ExtractiveGenerator(
        embedder, new LuceneWords(), Runtime.getRuntime().availableProcessors());
  }
}
