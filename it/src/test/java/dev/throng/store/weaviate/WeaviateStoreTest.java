package dev.throng.store.weaviate;

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
import dev.throng.it.Started;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real nodes that store each chunk three times, while some of them die, freeze and return.
 */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class WeaviateStoreTest {
  private static final IndexSpec SPEC = new IndexSpec("en", "hash-64", HashEmbedder.DIMENSION);
  private static final Duration SEARCH_DEADLINE = Duration.ofSeconds(10);
  private static final int NODES = 3;
  private static final long DELETED_IN_BETWEEN = 1_000;

  @TempDir private static Path data;

  @RegisterExtension
  private static final Started<WeaviateNodes> nodes =
      Started.by(() -> WeaviateNodes.start(data, NODES));

  private CollectionRef ref;
  private WeaviateChunkStore store;

  @BeforeEach
  void open(TestInfo test) {
    ref = new CollectionRef("default", test.getTestMethod().orElseThrow().getName());
    store = new WeaviateChunkStore(nodes.get().config());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ChunkIndex index() {
    return store.open(ref, 1, SPEC);
  }

  private static EmbeddedChunk chunk(long version, String text) {
    return new EmbeddedChunk(
        new Chunk("d" + version, version, 0, "", 0, 0, text.length(), text), embedding(text));
  }

  private static Embedding embedding(String text) {
    return Embedding.normalised(HashEmbedder.vector(text, HashEmbedder.DIMENSION));
  }

  private static String wordOf(long version) {
    return "word" + version;
  }

  private void publish(long version) {
    index().write(List.of(chunk(version, wordOf(version) + " among others")));
    index().commit();
  }

  private List<Long> find(String words) {
    return find(index(), words);
  }

  private static List<Long> find(ChunkIndex index, String words) {
    try (ChunkView view = index.view(Deadline.after(Ticker.system(), SEARCH_DEADLINE))) {
      return view.searchLexical(words, 10, VersionFilter.NONE).stream().map(Hit::version).toList();
    }
  }

  /** Searches continuously for acknowledged chunks. */
  private final class Readers implements AutoCloseable {
    private static final int COUNT = 8;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicInteger searches = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Long> acknowledged;

    Readers(List<Long> acknowledged) {
      this.acknowledged = acknowledged;
      for (int i = 0; i < COUNT; i++) {
        int reader = i;
        var _ = threads.submit(() -> read(reader));
      }
    }

    private void read(int reader) {
      for (int i = reader; !isOver.get(); i++) {
        long version = acknowledged.get(i % acknowledged.size());
        try {
          if (!find(wordOf(version)).equals(List.of(version))) {
            failures.add("version %d is lost".formatted(version));
          }
        } catch (RuntimeException e) {
          failures.add(e.toString());
        }
        searches.incrementAndGet();
      }
    }

    /** Ends the searches; none of them may have failed or missed anything. */
    void assertAllFound() {
      close();
      assertEquals(List.of(), failures);
      assertTrue(searches.get() > COUNT, () -> searches + " searches");
    }

    @Override
    public void close() {
      isOver.set(true);
      threads.close();
    }
  }

  @Test
  void killedNodeFailsNoSearchOrWrite() throws Exception {
    publish(DELETED_IN_BETWEEN);
    publish(1);
    List<Long> acknowledged = new CopyOnWriteArrayList<>(List.of(1L));
    int leader = nodes.get().leader();
    try (Readers readers = new Readers(acknowledged)) {
      for (long version = 2; version <= 60; version++) {
        publish(version);
        acknowledged.add(version);
        if (version == 20) {
          nodes.get().kill(leader);
        } else if (version == 40) {
          index().deleteVersions(Set.of(DELETED_IN_BETWEEN)); // the dead node still has it
          nodes.get().restart(leader);
        }
      }
      Await.until("the node has caught up", () -> !store.isDegraded());
      readers.assertAllFound();
    }
    for (int node = 0; node < NODES; node++) {
      try (WeaviateChunkStore alone = new WeaviateChunkStore(nodes.get().configOf(node))) {
        assertEquals(Set.copyOf(acknowledged), alone.open(ref, 1, SPEC).versions());
      }
    }
  }

  @Test
  void frozenNodeIsSkippedAndReturns() throws Exception {
    publish(1);
    nodes.get().freeze(1);
    try {
      assertTrue(store.identity().startsWith("weaviate 1."), store.identity());
      assertTrue(store.missing().contains(nodes.get().url(1)), store.missing());
      long start = System.nanoTime();
      try (Readers readers = new Readers(List.of(1L))) {
        Await.until("the node is skipped", () -> store.isDegraded());
        for (long version = 2; version <= 10; version++) {
          publish(version);
        }
        readers.assertAllFound();
      }
      assertTrue(
          System.nanoTime() - start < SEARCH_DEADLINE.toNanos(), "no search waits for the node");
    } finally {
      nodes.get().thaw(1);
    }
    Await.until("it is used again", () -> !store.isDegraded());
    assertEquals(List.of(10L), find(wordOf(10)));
  }

  @Test
  void lossOfAllNodesFailsQuicklyAndRecoveryIsAutomatic() throws Exception {
    publish(1);
    for (int node = 0; node < NODES; node++) {
      nodes.get().kill(node);
    }
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      assertFails(ErrorCode.STORE_UNAVAILABLE, () -> find(wordOf(1)), "weaviate at");
      assertTrue(
          System.nanoTime() - start < Duration.ofSeconds(3).toNanos(), "the failure is quick");
    }
    assertTrue(store.isDegraded());
    nodes.get().startAll();
    Await.until("all are used again", () -> !store.isDegraded());
    assertEquals(List.of(1L), find(wordOf(1)));
    publish(2);
    assertEquals(List.of(2L), find(wordOf(2)));
  }

  @Test
  void severalReplicasCreateAnIndexTogetherWhileANodeIsDown() throws Exception {
    int leader = nodes.get().leader();
    nodes.get().kill(leader);
    List<WeaviateChunkStore> replicas = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> published = new ArrayList<>();
      for (long version = 1; version <= 4; version++) {
        WeaviateChunkStore replica = new WeaviateChunkStore(nodes.get().config());
        replicas.add(replica);
        long own = version;
        published.add(
            threads.submit(() -> {
              ChunkIndex index = replica.open(ref, 1, SPEC);
              index.write(List.of(chunk(own, wordOf(own))));
              index.commit();
            }));
      }
      published.forEach(Await::result);
      assertEquals(Set.of(1L, 2L, 3L, 4L), index().versions());
    } finally {
      replicas.forEach(WeaviateChunkStore::close);
      nodes.get().restart(leader);
    }
  }

  @Test
  void wordsAndNamesCannotBreakOutOfAQuery() {
    String hostile = "a\"b\\ c'd }){x} \n\r\t\u0000\u0001 \ud800 ${q} # word7 größer 日本";
    index().write(List.of(chunk(7, hostile)));
    index().commit();
    assertEquals(List.of(7L), find(hostile));
    assertEquals(List.of(7L), find("\"]}) { word7"));
    assertEquals(List.of(7L), find("größer"));
    assertEquals(hostile.replace('\ud800', '?'), index().chunksOf(7).getFirst().chunk().text());
  }

  @Test
  void namesThatDifferOnlyInCaseAreDistinct() {
    index().write(List.of(chunk(1, "one")));
    index().commit();
    CollectionRef other = new CollectionRef(ref.tenant(), ref.name().toUpperCase(Locale.ROOT));
    assertEquals(Set.of(), store.open(other, 1, SPEC).versions());
  }

  @Test
  void wrongKeyIsReported() {
    try (WeaviateChunkStore stranger =
        new WeaviateChunkStore(nodes.get().config("weaviate.api_key", "wrong"))) {
      assertFails(ErrorCode.STORE_FAILED, () -> stranger.open(ref, 1, SPEC), "401");
      assertFails(ErrorCode.STORE_FAILED, stranger::identity, "401");
    }
    assertTrue(store.identity().contains("1.35"), store.identity());
  }
}
