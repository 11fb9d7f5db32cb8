package dev.throng.config;

/** The whole configuration, checked. A part of the program gets its own record and nothing else. */
public record ThrongConfig(
    ServerConfig server,
    AdminConfig admin,
    DataConfig data,
    GeneratorChoice generator,
    OllamaConfig ollama,
    PoolConfig pool,
    EmbedderConfig embedder,
    RetrievalConfig retrieval,
    AnswerConfig answer,
    CacheConfig cache,
    AdmissionConfig admission,
    IngestConfig ingest,
    ObserveConfig observe) {}
