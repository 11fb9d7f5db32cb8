package dev.throng.app;

import dev.throng.config.ThrongConfig;
import dev.throng.core.OpenFiles;
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
      case LUCENE ->
          new LuceneChunkStore(
              config.data().dir().resolve("index"),
              Math.min(config.store().maxOpenIndexes(), OpenFiles.leftForIndexes()),
              config.store().idleTimeout());
      case CHROMA -> new ChromaChunkStore(config.chroma(), new LuceneWords());
      case WEAVIATE -> new WeaviateChunkStore(config.weaviate());
    };
  }

  /**
   * An engine that is asked over the network.
   *
   * @param identity what it is and where
   * @param missing what is wrong with a part of it; "" when all of it is well
   */
  record Shared(String identity, String missing) {}

  /**
   * What the configured engine is and where; empty for one that is part of this process.
   *
   * @throws dev.throng.core.ThrongException STORE_UNAVAILABLE; STORE_FAILED when it cannot be used
   */
  static Optional<Shared> identity(ThrongConfig config) {
    return switch (config.store().kind()) {
      case LUCENE -> Optional.empty();
      case CHROMA -> {
        try (ChromaChunkStore chroma = new ChromaChunkStore(config.chroma(), new LuceneWords())) {
          String identity =
              "chroma (API %s) at %s".formatted(chroma.version(), config.chroma().url());
          yield Optional.of(new Shared(identity, ""));
        }
      }
      case WEAVIATE -> {
        try (WeaviateChunkStore weaviate = new WeaviateChunkStore(config.weaviate())) {
          yield Optional.of(new Shared(weaviate.identity(), weaviate.missing()));
        }
      }
    };
  }
}
