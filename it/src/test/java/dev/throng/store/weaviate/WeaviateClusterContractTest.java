package dev.throng.store.weaviate;

import dev.throng.contract.ChunkStoreContract;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of all engines, on three real nodes that keep each chunk three times. After the
 * first tests one of the nodes is dead.
 */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeAll
final class WeaviateClusterContractTest extends ChunkStoreContract {
  private static final int NODES = 3;
  private static final int KILLED_BEFORE = 6;

  @TempDir private static Path data;
  private static WeaviateNodes nodes;
  private static int tests;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    nodes = WeaviateNodes.start(data, NODES);
  }

  @BeforeEach
  void killOne() throws IOException, InterruptedException {
    tests++;
    if (tests == KILLED_BEFORE) {
      nodes.kill((nodes.leader() + 1) % NODES); // another test kills the leader
    }
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @Override
  protected ChunkStore open(Path folder) {
    return new WeaviateChunkStore(nodes.config("weaviate.prefix", WeaviateNodes.prefix(folder)));
  }
}
