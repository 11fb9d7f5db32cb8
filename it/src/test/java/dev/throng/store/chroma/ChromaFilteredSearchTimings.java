package dev.throng.store.chroma;

import dev.throng.config.ConfigLoader;
import dev.throng.contract.FilteredSearchTimings;
import dev.throng.it.Component;
import dev.throng.store.ChunkStore;
import dev.throng.store.lucene.LuceneWords;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class ChromaFilteredSearchTimings extends FilteredSearchTimings {
  private static Component chroma;

  @BeforeAll
  static void start() {
    chroma = Component.chroma();
  }

  @AfterAll
  static void stop() {
    chroma.close();
  }

  @Override
  protected ChunkStore open(Path folder) {
    return new ChromaChunkStore(
        ConfigLoader.load(null, Map.of(), Map.of("chroma.url", "http://127.0.0.1:" + chroma.port()))
            .chroma(),
        new LuceneWords());
  }
}
