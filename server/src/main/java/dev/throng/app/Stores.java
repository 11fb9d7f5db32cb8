package dev.throng.app;

import dev.throng.config.ThrongConfig;
import dev.throng.store.ChunkStore;
import dev.throng.store.lucene.LuceneChunkStore;

/** Opens the engine that keeps the chunks, as configured. */
final class Stores {
  private Stores() {}

  static ChunkStore open(ThrongConfig config) {
    return switch (config.store().kind()) {
      case LUCENE -> new LuceneChunkStore(config.data().dir().resolve("index"));
      case CHROMA, WEAVIATE -> throw new UnsupportedOperationException("not built yet");
    };
  }
}
