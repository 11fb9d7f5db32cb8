package dev.throng.store.weaviate;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ticker;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.it.Started;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.VersionFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes, one of which lacks what the others have, for as long as the test needs. */
@Timeout(120)
final class WeaviateLagTest {
  private static final CollectionRef REF = new CollectionRef("default", "lag");
  private static final IndexSpec SPEC = new IndexSpec("en", "hash-64", HashEmbedder.DIMENSION);
  private static final int NODES = 3;
  private static final int LAGGING = 2;
  private static final String TEXT = "the manual is edition two";

  /** Only the new version is live; the old one is dead, and may be missing. */
  private static final LiveVersions LIVE = new LiveVersions(2, Set.of(2L), version -> 1);

  private static final VersionFilter OLD_IS_DEAD = new VersionFilter(null, Set.of(1L));

  @TempDir private static Path data;

  /** Only another write brings a node up to date. */
  @RegisterExtension
  private static final Started<WeaviateNodes> nodes =
      Started.by(
          () -> WeaviateNodes.start(data, NODES, Map.of("ASYNC_REPLICATION_DISABLED", "true")));

  /**
   * A replica that did not notice a node's absence searches the node when it is back. That node
   * alone would show neither the new version nor the old one.
   */
  @Test
  void laggingNodeIsNotSearchedForMissingVersions() throws Exception {
    try (WeaviateChunkStore writer = new WeaviateChunkStore(nodes.get().config());
        WeaviateChunkStore replica = new WeaviateChunkStore(nodes.get().config());
        WeaviateChunkStore alone = new WeaviateChunkStore(nodes.get().configOf(LAGGING))) {
      publish(writer.open(REF, 1, SPEC), 1);
      ChunkIndex index = replica.open(REF, 1, SPEC);
      ChunkIndex lagging = alone.open(REF, 1, SPEC);
      nodes.get().kill(LAGGING);
      publish(writer.open(REF, 1, SPEC), 2);
      forgetRetries();
      nodes.get().restart(LAGGING);
      assertEquals(List.of(), find(lagging, LiveVersions.NONE), "the node lags behind");
      for (int i = 0; i < 2 * NODES; i++) {
        assertEquals(List.of(2L), find(index, LIVE));
      }
      assertFails(ErrorCode.STORE_UNAVAILABLE, () -> find(lagging, LIVE), "every live document");
      assertEquals(Set.of(), index.lost(Set.of(1L, 2L)), "a single lagging node loses nothing");
      assertEquals(Set.of(3L), index.lost(Set.of(1L, 2L, 3L)));
      publish(writer.open(REF, 1, SPEC), 2); // as the other nodes would normally send it
      assertEquals(List.of(2L), find(lagging, LIVE));
    }
  }

  /** A node resends what another one missed for more than a minute, unless it is restarted. */
  private static void forgetRetries() throws Exception {
    for (int node = 0; node < NODES; node++) {
      if (node != LAGGING) {
        nodes.get().stop(node); // a killed node may lose the vectors of the last second
        nodes.get().restart(node);
      }
    }
  }

  private static void publish(ChunkIndex index, long version) {
    Chunk chunk = new Chunk("d", version, 0, "", 0, 0, TEXT.length(), TEXT);
    index.write(List.of(new EmbeddedChunk(chunk, embedding())));
    index.commit();
  }

  private static Embedding embedding() {
    return Embedding.normalised(HashEmbedder.vector(TEXT, HashEmbedder.DIMENSION));
  }

  private static List<Long> find(ChunkIndex index, LiveVersions live) {
    Deadline deadline = Deadline.after(Ticker.system(), Duration.ofSeconds(10));
    try (ChunkView view = index.view(live, deadline)) {
      List<Long> near = versions(view.searchDense(embedding(), 10, OLD_IS_DEAD));
      assertEquals(near, versions(view.searchLexical("manual", 10, OLD_IS_DEAD)));
      return near;
    }
  }

  private static List<Long> versions(List<Hit> hits) {
    return hits.stream().map(Hit::version).toList();
  }
}
