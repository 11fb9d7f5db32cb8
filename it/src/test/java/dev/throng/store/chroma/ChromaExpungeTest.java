package dev.throng.store.chroma;

import dev.throng.contract.ExpungeContract;
import dev.throng.it.Component;
import dev.throng.it.Started;
import dev.throng.store.ChunkStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Permanent deletion, on a real Chroma. */
@Timeout(180)
final class ChromaExpungeTest extends ExpungeContract {

  @RegisterExtension private static final Started<Component> chroma = Started.by(Component::chroma);

  /** Each folder is a database here. */
  @Override
  protected ChunkStore open(Path folder) {
    return RealChroma.store(chroma.get(), "chroma.database", String.valueOf(folder.getFileName()));
  }
}
