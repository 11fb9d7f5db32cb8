package dev.throng.store.weaviate;

import dev.throng.contract.ChunkStoreContract;
import dev.throng.it.Started;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of all engines, on three real nodes that store each chunk three times. After the
 * first tests, one of the nodes is dead.
 */
@Timeout(180)
final class WeaviateClusterContractTest extends ChunkStoreContract {
  private static final int NODES = 3;
  private static final int KILLED_BEFORE = 6;

  @TempDir private static Path data;

  @RegisterExtension
  private static final Started<WeaviateNodes> nodes =
      Started.by(() -> WeaviateNodes.start(data, NODES));

  private static int tests;

  @BeforeEach
  void killOne() throws IOException, InterruptedException {
    tests++;
    if (tests == KILLED_BEFORE) {
      nodes.get().kill((nodes.get().leader() + 1) % NODES); // another test kills the leader
    }
  }

  @Override
  protected ChunkStore open(Path folder) {
    return new WeaviateChunkStore(
        nodes.get().config("weaviate.prefix", WeaviateNodes.prefix(folder)));
  }
}
