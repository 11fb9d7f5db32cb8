package dev.throng.app;

import dev.throng.config.ThrongConfig;
import dev.throng.store.ChunkStore;
import dev.throng.store.chroma.ChromaChunkStore;
import dev.throng.store.lucene.LuceneChunkStore;
import dev.throng.store.lucene.LuceneWords;
import dev.throng.store.weaviate.WeaviateChunkStore;
import java.util.Optional;

/** Opens the engine that keeps the chunks, as configured. */
final class Stores {
  private Stores() {}

  static ChunkStore open(ThrongConfig config) {
    return switch (config.store().kind()) {
      case LUCENE -> new LuceneChunkStore(config.data().dir().resolve("index"));
      case CHROMA -> new ChromaChunkStore(config.chroma(), new LuceneWords());
      case WEAVIATE -> new WeaviateChunkStore(config.weaviate());
    };
  }

  /**
   * What the configured engine is and where; empty for one that is part of this process.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE; STORE_FAILED when it cannot be used
   */
  static Optional<String> identity(ThrongConfig config) {
    return switch (config.store().kind()) {
      case LUCENE -> Optional.empty();
      case CHROMA -> {
        try (ChromaChunkStore chroma = new ChromaChunkStore(config.chroma(), new LuceneWords())) {
          yield Optional.of(
              "chroma (API %s) at %s".formatted(chroma.version(), config.chroma().url()));
        }
      }
      case WEAVIATE -> {
        try (WeaviateChunkStore weaviate = new WeaviateChunkStore(config.weaviate())) {
          yield Optional.of(weaviate.identity());
        }
      }
    };
  }
}
