package dev.throng.store.chroma;

import dev.throng.config.ConfigLoader;
import dev.throng.contract.ExpungeContract;
import dev.throng.it.Component;
import dev.throng.store.ChunkStore;
import dev.throng.store.lucene.LuceneWords;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** What is deleted for good, on a real Chroma. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class ChromaExpungeTest extends ExpungeContract {
  private static Component chroma;

  @BeforeAll
  static void start() {
    chroma = Component.chroma();
  }

  @AfterAll
  static void stop() {
    chroma.close();
  }

  /** A folder is a database here. */
  @Override
  protected ChunkStore open(Path folder) {
    return new ChromaChunkStore(
        ConfigLoader.load(
                null,
                Map.of(),
                Map.of(
                    "chroma.url",
                    "http://127.0.0.1:" + chroma.port(),
                    "chroma.database",
                    String.valueOf(folder.getFileName())))
            .chroma(),
        new LuceneWords());
  }
}
