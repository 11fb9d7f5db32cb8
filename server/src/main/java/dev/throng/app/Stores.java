package dev.throng.app;

import dev.throng.config.ThrongConfig;
import dev.throng.core.OpenFiles;
import dev.throng.store.ChunkStore;
import dev.throng.store.chroma.ChromaChunkStore;
import dev.throng.store.lucene.LuceneChunkStore;
import dev.throng.store.lucene.LuceneWords;
import dev.throng.store.weaviate.WeaviateChunkStore;
import java.util.Optional;

/** Opens the configured engine that stores the chunks. */
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
   * A remote engine.
   *
   * @param identity name, version and location
   * @param missing what is wrong with a part of it; "" when nothing is
   */
  record Shared(String identity, String missing) {}

  /**
   * Returns the identity of the configured engine; empty for one that is part of this process.
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
