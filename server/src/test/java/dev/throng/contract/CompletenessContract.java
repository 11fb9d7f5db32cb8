package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import dev.throng.store.VersionFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search finds everything that is live, or fails. Neither a lagging copy of an index nor a
 * deletion during the search makes a document vanish. This is a part of {@link ChunkStoreContract},
 * with the helpers that tests of engines need.
 */
abstract class CompletenessContract {
  static final CollectionRef REF = new CollectionRef("default", "handbook");
  static final IndexSpec SPEC = new IndexSpec("en", "hash-64", HashEmbedder.DIMENSION);

  @TempDir Path folder = Path.of("");
  private @Nullable ChunkStore opened;
  private long epoch;

  /**
   * The engine, which keeps its data below the folder, or elsewhere under the folder's name. The
   * same folder always leads to the same data.
   */
  protected abstract ChunkStore open(Path folder);

  @BeforeEach
  final void openStore() {
    opened = open(folder);
  }

  @AfterEach
  final void closeStore() {
    store().close();
  }

  ChunkStore store() {
    return Objects.requireNonNull(opened);
  }

  ChunkIndex index() {
    return store().open(REF, 1, SPEC);
  }

  ChunkView view() {
    return index().view(inAMinute());
  }

  static Deadline inAMinute() {
    return Deadline.after(Ticker.system(), Duration.ofMinutes(1));
  }

  static EmbeddedChunk chunk(long version, int ordinal, String text) {
    Chunk chunk = new Chunk("d" + version, version, ordinal, "", 0, 0, text.length(), text);
    return new EmbeddedChunk(chunk, embedding(text));
  }

  static Embedding embedding(String text) {
    return Embedding.normalised(HashEmbedder.vector(text, HashEmbedder.DIMENSION));
  }

  void publish(EmbeddedChunk... chunks) {
    index().write(List.of(chunks));
    index().commit();
  }

  boolean searchesWords() {
    return store().capabilities().lexical();
  }

  boolean isTransactional() {
    return store().capabilities().transactional();
  }

  void reopen() {
    store().close();
    opened = open(folder);
  }

  @Test
  void searchWaitsForALiveVersionThatIsNotReadableYet() throws Exception {
    publish(chunk(1, 0, "first edition"));
    LiveVersions newer = live(2L);
    CompletableFuture<List<Long>> found = new CompletableFuture<>();
    Thread search =
        Thread.ofPlatform()
            .start(() -> {
              try {
                found.complete(editionsFound(newer));
              } catch (RuntimeException e) {
                found.completeExceptionally(e);
              }
            });
    Await.until("the search waits", () -> search.getState() == Thread.State.TIMED_WAITING);
    publish(chunk(2, 0, "second edition"));
    assertEquals(List.of(2L), Await.result(found));
    assertEquals(List.of(2L), editionsFound(newer));
    assertEquals(List.of(2L), editionsFound(live(2L)), "already seen at an earlier epoch");
  }

  @Test
  void searchIsUnavailableRatherThanEmptyWithoutALiveVersion() {
    publish(chunk(1, 0, "first edition"), chunk(2, 0, "half of the second edition"));
    LiveVersions whole = new LiveVersions(++epoch, Set.of(1L, 2L), version -> version.intValue());
    for (LiveVersions lacking : List.of(live(1L, 3L), whole)) {
      assertFails(
          ErrorCode.STORE_UNAVAILABLE, () -> editionsFound(lacking, Duration.ofMillis(300)));
    }
    assertEquals(List.of(2L), editionsFound(live(2L)), "other searches still succeed");
  }

  @Test
  void viewReportsThatItsVersionsWereDeleted() {
    publish(chunk(1, 0, "first edition"), chunk(2, 0, "another document"));
    LiveVersions live = live(1L, 2L);
    try (ChunkView view = index().view(live, inAMinute())) {
      var _ = view.searchDense(embedding("edition"), 10, VersionFilter.NONE);
      assertTrue(view.stillHas(live));
      index().deleteVersions(Set.of(1L));
      publish(chunk(3, 0, "second edition"));
      assertTrue(view.stillHas(live.only(Set.of(2L))));
      assertEquals(isTransactional(), view.stillHas(live.only(Set.of(1L))));
    }
  }

  /** Chunks, each read at an epoch of its own. */
  private LiveVersions live(Long... versions) {
    return new LiveVersions(++epoch, Set.of(versions), version -> 1);
  }

  private List<Long> editionsFound(LiveVersions live) {
    return editionsFound(live, Duration.ofMinutes(1));
  }

  private List<Long> editionsFound(LiveVersions live, Duration timeout) {
    Deadline deadline = Deadline.after(Ticker.system(), timeout);
    VersionFilter filter = new VersionFilter(live.versions(), Set.of());
    try (ChunkView view = index().view(live, deadline)) {
      List<Long> near = versions(view.searchDense(embedding("edition"), 10, filter));
      if (searchesWords()) {
        assertEquals(near, versions(view.searchLexical("edition", 10, filter)));
      }
      return near;
    }
  }

  static List<Long> versions(List<Hit> hits) {
    return hits.stream().map(Hit::version).toList();
  }
}
