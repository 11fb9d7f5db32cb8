package dev.throng.app;

import dev.throng.backend.Embedder;
import dev.throng.backend.Embedders;
import dev.throng.backend.ollama.OllamaEmbedder;
import dev.throng.backend.onnx.OnnxEmbedder;
import dev.throng.backend.onnx.OnnxModel;
import dev.throng.config.EmbedderConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.PlatformPool;
import dev.throng.core.ThrongException;
import dev.throng.core.UnpackedResources;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Loads embedders, by the settings or by the id in a collection. The embedded models of one loader
 * share {@code embedder.threads} threads.
 */
final class EmbedderLoader {
  private static final List<OnnxModel> MODELS = List.of(OnnxModel.BGE_SMALL, OnnxModel.MINILM);

  private final EmbedderConfig config;
  private final UnpackedResources resources;
  private @Nullable PlatformPool threads;

  EmbedderLoader(ThrongConfig config) {
    this.config = config.embedder();
    this.resources = unpackedResources(config);
  }

  /** Returns the configured embedder, with a loader for others. */
  Embedders all() {
    return new Embedders(configured(), this::byId);
  }

  /** Loads the configured embedder. */
  Embedder configured() {
    return switch (config.model()) {
      case BGE_SMALL -> onnx(OnnxModel.BGE_SMALL);
      case MINILM -> onnx(OnnxModel.MINILM);
      case OLLAMA -> new OllamaEmbedder(config);
    };
  }

  /**
   * Loads an embedder.
   *
   * @throws ThrongException INDEX_MISMATCH when no model has the id
   */
  private Embedder byId(String id) {
    Optional<String> ollamaModel = OllamaEmbedder.modelOf(id);
    if (ollamaModel.isPresent()) {
      return new OllamaEmbedder(config.withOllamaModel(ollamaModel.get()));
    }
    return MODELS.stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .map(this::onnx)
        .orElseThrow(() -> Embedders.unknown(id, MODELS.stream().map(OnnxModel::id).toList()));
  }

  private Embedder onnx(OnnxModel model) {
    PlatformPool pool = threads;
    if (pool == null) {
      int size =
          config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
      pool = new PlatformPool("embed", size, config.queueCapacity());
      threads = pool;
    }
    return new OnnxEmbedder(model, resources, pool, config.queryCacheEntries());
  }

  static UnpackedResources unpackedResources(ThrongConfig config) {
    return UnpackedResources.besideProgramOr(config.data().dir());
  }
}
