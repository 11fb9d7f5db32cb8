package dev.throng.config;

import java.util.List;
import java.util.stream.Stream;

/** The complete, validated configuration. Each part of the program gets only its own record. */
public record ThrongConfig(
    ServerConfig server,
    AdminConfig admin,
    DataConfig data,
    CatalogConfig catalog,
    StoreConfig store,
    ChromaConfig chroma,
    WeaviateConfig weaviate,
    GeneratorChoice generator,
    ModelConfig model,
    OllamaConfig ollama,
    PoolConfig pool,
    EmbedderConfig embedder,
    RetrievalConfig retrieval,
    AnswerConfig answer,
    CacheConfig cache,
    RedisConfig redis,
    AdmissionConfig admission,
    IngestConfig ingest,
    ObserveConfig observe,
    EvalConfig eval,
    FeedbackConfig feedback) {

  /** Returns every configured backend: those of {@code ollama.urls}, then the listed ones. */
  public List<BackendConfig> backends() {
    return Stream.concat(
            ollama.urls().stream().map(url -> BackendConfig.ollama(url, ollama.slots())),
            pool.backends().stream())
        .toList();
  }

  /** Returns this configuration with the backends of another one, to find out what else differs. */
  public ThrongConfig withBackendsOf(ThrongConfig other) {
    return new ThrongConfig(
        server,
        admin,
        data,
        catalog,
        store,
        chroma,
        weaviate,
        generator,
        model,
        ollama.with(other.ollama.urls()),
        pool.with(other.pool.backends()),
        embedder,
        retrieval,
        answer,
        cache,
        redis,
        admission,
        ingest,
        observe,
        eval,
        feedback);
  }
}
