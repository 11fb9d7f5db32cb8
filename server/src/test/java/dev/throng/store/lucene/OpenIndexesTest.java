package dev.throng.store.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With any number of collections, few indexes are open at the same time. */
@Timeout(180)
final class OpenIndexesTest {
  private static final IndexSpec SPEC = new IndexSpec("en", "test", 2);
  private static final int MAX_OPEN = 4;

  @TempDir private Path folder = Path.of("");

  private static CollectionRef ref(int number) {
    return new CollectionRef("tenant", "collection-" + number);
  }

  private static EmbeddedChunk chunk(long version) {
    return new EmbeddedChunk(
        new Chunk("d" + version, version, 0, "", 0, 0, 5, "lamps"),
        Embedding.normalised(new float[] {1, 0}));
  }

  private static void write(ChunkIndex index, long version) {
    index.write(List.of(chunk(version)));
    index.commit();
  }

  @Test
  void leastRecentlyUsedIndexesAreClosedAndOpenedAgain() {
    try (LuceneChunkStore store = new LuceneChunkStore(folder, MAX_OPEN, Duration.ofHours(1))) {
      List<ChunkIndex> indexes =
          IntStream.range(0, 5 * MAX_OPEN).mapToObj(i -> store.open(ref(i), 1, SPEC)).toList();
      for (int i = 0; i < indexes.size(); i++) {
        write(indexes.get(i), i + 1);
        assertTrue(store.openIndexes() <= MAX_OPEN, () -> store.openIndexes() + " are open");
      }
      for (int i = 0; i < indexes.size(); i++) {
        assertEquals(Set.of(i + 1L), indexes.get(i).versions());
      }
      assertEquals(MAX_OPEN, store.openIndexes());
    }
  }

  @Test
  void uncommittedChangesKeepAnIndexOpen() {
    try (LuceneChunkStore store = new LuceneChunkStore(folder, 1, Duration.ofHours(1))) {
      ChunkIndex changed = store.open(ref(1), 1, SPEC);
      changed.write(List.of(chunk(1)));
      write(store.open(ref(2), 1, SPEC), 2);
      changed.commit();
      assertEquals(Set.of(1L), changed.versions());
    }
  }

  @Test
  void idleIndexIsClosedAndItsViewsStayReadable() {
    try (LuceneChunkStore store = new LuceneChunkStore(folder, MAX_OPEN, Duration.ofMillis(200))) {
      ChunkIndex index = store.open(ref(1), 1, SPEC);
      write(index, 1);
      try (ChunkView view = index.view(Deadline.after(Ticker.system(), Duration.ofMinutes(1)))) {
        Await.until("the index to be closed", () -> store.openIndexes() == 0);
        assertEquals(1, view.size());
      }
      assertEquals(Set.of(1L), index.versions());
    }
  }

  @Test
  void droppedIndexIsNotRecreatedByItsUsers() {
    try (LuceneChunkStore store = new LuceneChunkStore(folder, MAX_OPEN, Duration.ofHours(1))) {
      ChunkIndex index = store.open(ref(1), 1, SPEC);
      write(index, 1);
      store.drop(ref(1), 1, SPEC);
      assertThrows(ThrongException.class, index::versions);
      assertEquals(Set.of(), store.open(ref(1), 1, SPEC).versions());
    }
  }

  /** As when two threads drop the same index. */
  @Test
  void indexWhoseFilesAreGoneCanBeDropped() throws IOException {
    try (LuceneChunkStore store = new LuceneChunkStore(folder, MAX_OPEN, Duration.ofHours(1))) {
      store.open(ref(1), 1, SPEC).write(List.of(chunk(1)));
      LuceneChunkIndex.deleteAll(folder.resolve("tenant").resolve("collection-1").resolve("1"));
      store.drop(ref(1), 1, SPEC);
      assertEquals(0, store.openIndexes());
      assertEquals(Set.of(), store.open(ref(1), 1, SPEC).versions());
    }
  }
}
