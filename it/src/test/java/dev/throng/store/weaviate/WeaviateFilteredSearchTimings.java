package dev.throng.store.weaviate;

import dev.throng.contract.FilteredSearchTimings;
import dev.throng.it.Started;
import dev.throng.store.ChunkStore;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Run only by name: see CONTRIBUTING.md. */
final class WeaviateFilteredSearchTimings extends FilteredSearchTimings {
  @TempDir private static Path data;

  @RegisterExtension
  private static final Started<WeaviateNodes> node = Started.by(() -> WeaviateNodes.start(data, 1));

  @Override
  protected ChunkStore open(Path folder) {
    return new WeaviateChunkStore(
        node.get().config("weaviate.prefix", WeaviateNodes.prefix(folder)));
  }
}
