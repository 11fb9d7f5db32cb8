package dev.throng.store.chroma;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.throng.config.ChromaConfig;
import dev.throng.config.ConfigLoader;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.it.Component;
import dev.throng.it.Started;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import dev.throng.store.http.StoreCall;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas and one Chroma, which freezes, dies, and is modified by other programs. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class ChromaChunkStoreTest {
  private static final int DIMENSION = 16;
  private static final IndexSpec SPEC = new IndexSpec("en", "given", DIMENSION);
  private static final int CHUNKS = 300;

  @RegisterExtension private static final Started<Component> chroma = Started.by(Component::chroma);

  private static int tests;

  private final CollectionRef ref = new CollectionRef("t", "c" + tests++);
  private ChromaChunkStore store;
  private ChromaChunkStore other;

  @BeforeEach
  void open() {
    store = store();
    other = store();
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
  }

  private static ChromaChunkStore store(String... settings) {
    return storeAt("http://127.0.0.1:" + chroma.get().port(), settings);
  }

  private static ChromaChunkStore storeAt(String url, String... settings) {
    return new ChromaChunkStore(config(url, settings), new LuceneWords());
  }

  private static ChromaConfig config(String url, String... settings) {
    Map<String, String> flags = new HashMap<>(Map.of("chroma.timeout", "1s"));
    for (int i = 0; i < settings.length; i += 2) {
      flags.put(settings[i], settings[i + 1]);
    }
    return ConfigLoader.load(null, Map.of("THRONG_CHROMA_URL", url), flags).chroma();
  }

  private static Embedding vector(long seed) {
    return vector(seed, DIMENSION);
  }

  private static Embedding vector(long seed, int dimension) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Embedding.normalised(values);
  }

  private ChunkIndex filled() {
    ChunkIndex index = store.open(ref, 1, SPEC);
    index.write(
        LongStream.rangeClosed(1, CHUNKS)
            .mapToObj(version ->
                new EmbeddedChunk(
                    new Chunk("d", version, 0, "", 0, 0, 1, "text " + version), vector(version)))
            .toList());
    index.commit();
    return index;
  }

  private static ChunkView view(ChunkIndex index) {
    return index.view(Deadline.after(Ticker.system(), Duration.ofSeconds(30)));
  }

  private static List<Hit> search(ChunkIndex index, long seed) {
    try (ChunkView view = view(index)) {
      return view.searchDense(vector(seed), 10, VersionFilter.NONE);
    }
  }

  private static boolean isSearchable(ChunkIndex index) {
    try {
      return !search(index, 1).isEmpty();
    } catch (ThrongException e) {
      return false;
    }
  }

  @Test
  void replicasThatOpenACollectionSimultaneouslyShareIt() throws Exception {
    List<ChromaChunkStore> replicas = IntStream.range(0, 8).mapToObj(i -> store()).toList();
    CollectionRef fresh = new CollectionRef("fresh", "c");
    CyclicBarrier all = new CyclicBarrier(replicas.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ChunkIndex>> opening = new ArrayList<>();
      for (ChromaChunkStore replica : replicas) {
        opening.add(
            threads.submit(() -> {
              all.await();
              return replica.open(fresh, 1, SPEC);
            }));
      }
      List<ChunkIndex> indexes = opening.stream().map(Await::result).toList();
      indexes
          .getFirst()
          .write(List.of(new EmbeddedChunk(new Chunk("d", 7, 0, "", 0, 0, 1, "seven"), vector(7))));
      for (ChunkIndex index : indexes) {
        assertEquals(Set.of(7L), index.versions());
      }
    } finally {
      replicas.forEach(ChromaChunkStore::close);
    }
  }

  @Test
  void searchesInOneBatchFindTheSameAsSeparateOnes() throws Exception {
    ChunkIndex index = filled();
    List<List<Hit>> alone =
        IntStream.range(0, 200).mapToObj(i -> search(index, 1_000 + i)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Hit>>> together = new ArrayList<>();
      List<Future<List<Hit>>> refused = new ArrayList<>();
      List<Future<List<Hit>>> cancelled = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int seed = 1_000 + i;
        together.add(threads.submit(() -> search(index, seed)));
        if (i % 20 == 0) {
          refused.add(threads.submit(() -> searchWithWrongDimension(index)));
          Future<List<Hit>> doomed = threads.submit(() -> search(index, seed));
          doomed.cancel(true);
          cancelled.add(doomed);
        }
      }
      for (int i = 0; i < 200; i++) {
        assertSameHits(alone.get(i), Await.result(together.get(i)));
      }
      for (Future<List<Hit>> each : refused) {
        AssertionError failure = assertThrows(AssertionError.class, () -> Await.result(each));
        assertTrue(String.valueOf(failure.getCause()).contains("dimension of 16, got 5"));
      }
      // A search may have ended before this thread cancelled it.
      assertTrue(cancelled.stream().anyMatch(Future::isCancelled));
    }
    assertFalse(store.isDegraded());
  }

  private static List<Hit> searchWithWrongDimension(ChunkIndex index) {
    try (ChunkView view = view(index)) {
      return view.searchDense(vector(1, 5), 10, VersionFilter.NONE);
    }
  }

  private static void assertSameHits(List<Hit> expected, List<Hit> found) {
    assertEquals(
        expected.stream().map(Hit::version).toList(), found.stream().map(Hit::version).toList());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).score(), found.get(i).score(), 1e-5);
    }
  }

  @Test
  void filtersTooLargeForOneConditionAreApplied() {
    ChunkIndex index = filled();
    Set<Long> even =
        LongStream.rangeClosed(1, 20_000)
            .filter(version -> version % 2 == 0)
            .boxed()
            .collect(Collectors.toSet());
    Set<Long> odd = new HashSet<>();
    even.forEach(version -> odd.add(version - 1));
    try (ChunkView view = view(index)) {
      for (VersionFilter filter :
          List.of(
              new VersionFilter(even, Set.of()),
              new VersionFilter(null, odd),
              new VersionFilter(even, odd))) {
        List<Hit> hits = view.searchDense(vector(5), CHUNKS, filter);
        assertEquals(CHUNKS / 2, hits.size());
        assertTrue(hits.stream().allMatch(hit -> hit.version() % 2 == 0));
        assertEquals(10, view.searchDense(vector(5), 10, filter).size());
      }
      VersionFilter rest =
          new VersionFilter(null, LongStream.range(1, CHUNKS).boxed().collect(Collectors.toSet()));
      assertEquals(
          List.of((long) CHUNKS),
          view.searchDense(vector(5), 10, rest).stream().map(Hit::version).toList());
    }
  }

  @Test
  void frozenChromaCostsOneBoundedWaitAndRecovers() {
    ChunkIndex index = filled();
    chroma.get().freeze();
    try {
      long start = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertFails(
            ErrorCode.STORE_UNAVAILABLE, () -> search(index, 1), "chroma at http://127.0.0.1");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took::toString);
      assertTrue(store.isDegraded());
      assertFalse(other.isDegraded(), "has made no call");
    } finally {
      chroma.get().thaw();
    }
    Await.until("it recovers", () -> !store.isDegraded());
    Await.until("it serves", () -> isSearchable(index));
  }

  @Test
  void killedChromaIsDetectedImmediatelyAndUsedAgainOnceItReturns() {
    ChunkIndex index = filled();
    List<Hit> before = search(index, 3);
    chroma.get().kill();
    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertFails(ErrorCode.STORE_UNAVAILABLE, () -> search(index, 1));
    }
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(2).toNanos());
    assertFails(ErrorCode.STORE_UNAVAILABLE, () -> other.open(ref, 1, SPEC));
    chroma.get().start();
    Await.until("it recovers", () -> isSearchable(index));
    assertSameHits(before, search(index, 3));
    assertSameHits(before, search(other.open(ref, 1, SPEC), 3));
  }

  @Test
  @Tag("alone")
  void cancelledSearchOfAFrozenChromaEndsImmediately() throws Exception {
    ChunkIndex index = filled();
    chroma.get().freeze();
    try {
      Thread caller =
          Thread.startVirtualThread(
              () -> assertFails(ErrorCode.SHUTTING_DOWN, () -> search(index, 1), "interrupted"));
      Await.until("it waits", () -> caller.getState() == Thread.State.TIMED_WAITING);
      long start = System.nanoTime();
      caller.interrupt();
      caller.join();
      assertTrue(System.nanoTime() - start < Duration.ofMillis(300).toNanos());
    } finally {
      chroma.get().thaw();
    }
  }

  @Test
  void failedDeletionsAreRepeatedLater() {
    ChunkIndex index = filled();
    index.deleteVersions(LongStream.rangeClosed(2, CHUNKS).boxed().toList());
    chroma.get().kill();
    assertFails(ErrorCode.STORE_UNAVAILABLE, index::commit);
    chroma.get().start();
    Await.until("it recovers", () -> isSearchable(index));
    index.commit();
    assertEquals(Set.of(1L), index.versions());
  }

  @Test
  void deletedCollectionIsReportedAndARecreatedOneIsFound() {
    ChunkIndex index = filled();
    try (ChromaServer server =
        new ChromaServer(config("http://127.0.0.1:" + chroma.get().port()))) {
      String path = server.collections(ref) + "/" + ChromaServer.name(ref, 1);
      server.http().call(new StoreCall("DELETE", path, null, false, null));
    }
    assertFails(
        ErrorCode.STORE_FAILED,
        () -> search(index, 1),
        ref.name() + ".g1",
        "deleted outside Throng",
        "restart");
    assertFails(ErrorCode.STORE_FAILED, this::filled, "deleted outside Throng");
    assertEquals(Set.of(), other.open(ref, 1, SPEC).versions()); // a replica that was restarted
    assertEquals(List.of(), search(index, 1));
    filled();
    assertTrue(isSearchable(index));
  }

  @Test
  void collectionCreatedByAnotherProgramIsNotUsed() {
    filled();
    try (ChromaServer server =
        new ChromaServer(config("http://127.0.0.1:" + chroma.get().port()))) {
      server
          .http()
          .call(
              StoreCall.once(
                  server.collections(ref),
                  out -> {
                    out.writeStartObject();
                    out.writeStringField("name", ref.name() + ".g2");
                    out.writeEndObject();
                  }));
    }
    assertFails(
        ErrorCode.STORE_FAILED, () -> store.open(ref, 2, SPEC), ".g2", "not made by Throng");
  }

  @Test
  void unusableServersAreReported() throws IOException {
    assertTrue(store.version().startsWith("1."));
    assertRefused(401, "{\"error\":\"Unauthorized\"}", "401", "Unauthorized", "chroma.token");
    assertRefused(200, "\"0.6.3\"", "0.6.3", "version 1.0 or newer");
    assertRefused(404, "<html>not here</html>", "404", "version 1.0 or newer");
    assertRefused(200, "<html>welcome</html>", "invalid JSON", "welcome");
    try (ChromaChunkStore nowhere = storeAt("http://127.0.0.1:1")) {
      assertFails(
          ErrorCode.STORE_UNAVAILABLE,
          () -> nowhere.open(ref, 1, SPEC),
          "http://127.0.0.1:1",
          "connection refused");
    }
  }

  private void assertRefused(int status, String body, String... words) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try (ChromaChunkStore strange = storeAt("http://127.0.0.1:" + server.getAddress().getPort())) {
      assertFails(ErrorCode.STORE_FAILED, () -> strange.open(ref, 1, SPEC), words);
    } finally {
      server.stop(0);
    }
  }
}
