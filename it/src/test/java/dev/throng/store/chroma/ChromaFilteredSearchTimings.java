package dev.throng.store.chroma;

import dev.throng.contract.FilteredSearchTimings;
import dev.throng.it.Component;
import dev.throng.it.Started;
import dev.throng.store.ChunkStore;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Run only by name: see CONTRIBUTING.md. */
final class ChromaFilteredSearchTimings extends FilteredSearchTimings {

  @RegisterExtension private static final Started<Component> chroma = Started.by(Component::chroma);

  @Override
  protected ChunkStore open(Path folder) {
    return RealChroma.store(chroma.get());
  }
}
