package dev.throng.contract;

import dev.throng.store.ChunkStore;
import dev.throng.store.lucene.LuceneChunkStore;
import java.nio.file.Path;

/** Run only by name: see CONTRIBUTING.md. */
final class LuceneFilteredSearchTimings extends FilteredSearchTimings {
  @Override
  protected ChunkStore open(Path folder) {
    return new LuceneChunkStore(folder);
  }
}
