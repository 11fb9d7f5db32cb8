package dev.throng.store.weaviate;

import dev.throng.contract.ExpungeContract;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted for good, on one real node. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class WeaviateExpungeTest extends ExpungeContract {
  @TempDir private static Path data;
  private static WeaviateNodes node;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    node = WeaviateNodes.start(data, 1);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Override
  protected ChunkStore open(Path folder) {
    return new WeaviateChunkStore(node.config("weaviate.prefix", WeaviateNodes.prefix(folder)));
  }
}
