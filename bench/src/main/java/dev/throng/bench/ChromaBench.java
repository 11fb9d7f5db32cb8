package dev.throng.bench;

import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.ServerProcess;
import dev.throng.config.ConfigLoader;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import dev.throng.store.chroma.ChromaChunkStore;
import dev.throng.store.lucene.LuceneWords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Searches of many callers in a real Chroma, in batches and one by one: the same vectors, the same
 * server, the same minute.
 */
@Command(
    name = "chroma",
    description = "Concurrent searches in Chroma, in batches against one by one.")
final class ChromaBench implements Callable<Integer> {
  private static final CollectionRef REF = new CollectionRef("bench", "vectors");
  private static final int DIMENSION = 384;
  private static final IndexSpec SPEC = new IndexSpec("en", "given", DIMENSION);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** Candidates per question, and how many of them are read. */
  private static final int CANDIDATES = 100;

  private static final int READ = 12;
  private static final float SCORE_TOLERANCE = 1e-5f;

  @Option(names = "--chunks", description = "Default: ${DEFAULT-VALUE}.")
  private int chunks = 5_000;

  @Option(names = "--searches", description = "Searches of one run (default: ${DEFAULT-VALUE}).")
  private int searches = 2_000;

  @Option(names = "--rounds", description = "Runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--callers", description = "Default: ${DEFAULT-VALUE}.")
  private int callers = 64;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Home.temporary("chroma");
    try (ServerProcess chroma = ServerProcess.chroma(folder);
        ChunkStore batched = store(chroma, Map.of());
        ChunkStore single = store(chroma, oneByOne())) {
      ChunkIndex index = batched.open(REF, 1, SPEC);
      List<Embedding> queries = fill(index);
      ChunkIndex alone = single.open(REF, 1, SPEC);
      check(index, alone, queries);
      compare("search", false, index, alone, queries);
      compare("search and read", true, index, alone, queries);
      return 0;
    }
  }

  /** As many simultaneous calls as there are callers, each with one search. */
  private Map<String, String> oneByOne() {
    String all = Integer.toString(callers);
    return Map.of(
        "chroma.query_batch", "1", "chroma.queries_in_flight", all, "chroma.max_calls", all);
  }

  private static ChunkStore store(ServerProcess chroma, Map<String, String> settings) {
    return new ChromaChunkStore(
        ConfigLoader.load(null, Map.of("THRONG_CHROMA_URL", chroma.url()), settings).chroma(),
        new LuceneWords());
  }

  /** Writes the chunks, and returns the queries. */
  private List<Embedding> fill(ChunkIndex index) {
    SplittableRandom random = new SplittableRandom(1);
    List<EmbeddedChunk> all = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      String text = "Chunk %d is about rule %d. ".formatted(i, i % 97).repeat(45);
      Chunk chunk = new Chunk("d" + i, i + 1L, 0, "Rules", 1, 0, text.length(), text);
      all.add(new EmbeddedChunk(chunk, vector(random)));
    }
    long start = System.nanoTime();
    index.write(all);
    index.commit();
    System.out.printf("%d chunks written at %.0f/s%n", chunks, chunks / seconds(start));
    return IntStream.range(0, searches).mapToObj(i -> vector(random)).toList();
  }

  private static Embedding vector(SplittableRandom random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Embedding.normalised(values);
  }

  /** Checks that both find the same; this is also the warm-up. */
  private void check(ChunkIndex batched, ChunkIndex single, List<Embedding> queries)
      throws InterruptedException, ExecutionException, IOException {
    List<List<Hit>> found = run(batched, queries, false);
    List<List<Hit>> expected = run(single, queries, false);
    for (int i = 0; i < queries.size(); i++) {
      if (!isSame(expected.get(i), found.get(i))) {
        throw new IOException(
            "search %d: %s alone, %s in a batch".formatted(i, expected.get(i), found.get(i)));
      }
    }
    System.out.printf("%d searches find the same in batches and alone%n", queries.size());
  }

  private static boolean isSame(List<Hit> expected, List<Hit> found) {
    if (expected.size() != found.size()) {
      return false;
    }
    for (int i = 0; i < found.size(); i++) {
      Hit one = expected.get(i);
      Hit other = found.get(i);
      if (one.version() != other.version()
          || Math.abs(one.score() - other.score()) > SCORE_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  private void compare(
      String what, boolean reads, ChunkIndex batched, ChunkIndex single, List<Embedding> queries)
      throws InterruptedException, ExecutionException {
    List<Double> together = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      run(single, queries, reads);
      alone.add(searches / seconds(start));
      start = System.nanoTime();
      run(batched, queries, reads);
      together.add(searches / seconds(start));
      ratios.add(together.getLast() / alone.getLast());
    }
    System.out.printf("%s, %d callers, searches per second:%n", what, callers);
    System.out.println("  one by one  " + Medians.spread(alone));
    System.out.println("  in batches  " + Medians.spread(together));
    System.out.printf(
        "  in batches / one by one  %.2f, by round %s%s%n",
        Medians.of(together) / Medians.of(alone),
        Medians.spread(ratios),
        reads ? "" : "  bar >= 3.00");
  }

  /** Every caller takes the next query until none is left. */
  private List<List<Hit>> run(ChunkIndex index, List<Embedding> queries, boolean reads)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    List<List<Hit>> found = new ArrayList<>();
    queries.forEach(query -> found.add(List.of()));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        running.add(
            threads.submit(() -> {
              for (int i = next.getAndIncrement(); i < searches; i = next.getAndIncrement()) {
                found.set(i, search(index, queries.get(i), reads));
              }
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return found;
  }

  private static List<Hit> search(ChunkIndex index, Embedding query, boolean reads) {
    try (ChunkView view = index.view(Deadline.after(Ticker.system(), TIMEOUT))) {
      List<Hit> hits = view.searchDense(query, CANDIDATES, VersionFilter.NONE);
      if (reads) {
        view.chunks(hits.subList(0, READ));
      }
      return hits;
    }
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
