package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.throng.store.LiveVersions;
import dev.throng.store.VersionFilter;
import dev.throng.store.VersionSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what searches with filters of many versions cost an engine, and what the check costs
 * that the engine has all that is live. The index holds 50,000 versions of one chunk each, with 128
 * dimensions, and a search returns 100 hits. Prints medians; run by name, because it does not test
 * behaviour.
 */
public abstract class FilteredSearchTimings {
  private static final int VERSIONS = 50_000;
  private static final int DIMENSION = 128;
  private static final int BATCH = 5_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final int ROUNDS = 15;
  private static final int HITS = 100;

  private final SplittableRandom random = new SplittableRandom(1);

  @TempDir Path folder = Path.of("");

  protected abstract ChunkStore open(Path folder);

  @Test
  final void time() {
    try (ChunkStore store = open(folder)) {
      ChunkIndex index =
          store.open(
              new CollectionRef("default", "timings"), 1, new IndexSpec("en", "none", DIMENSION));
      List<Embedding> embeddings = fill(index);
      timeLooks(index);
      Embedding far = embedding();
      Map<String, LongPredicate> filters = new LinkedHashMap<>();
      filters.put("all", version -> true);
      filters.put("one in 1000", version -> version % 1_000 == 0);
      filters.put("one in 20", version -> version % 20 == 0);
      filters.put("every second", version -> version % 2 == 0);
      filters.put("all but one in 50", version -> version % 50 != 0);
      Set<Long> farHalf = farthest(embeddings, far);
      filters.put("the farther half", farHalf::contains);
      filters.forEach((name, isWanted) -> time(store, index, name, isWanted, far));
    }
  }

  private List<Embedding> fill(ChunkIndex index) {
    List<Embedding> embeddings = new ArrayList<>();
    List<EmbeddedChunk> batch = new ArrayList<>();
    for (int i = 0; i < VERSIONS; i++) {
      Embedding embedding = embedding();
      embeddings.add(embedding);
      String text = "leave rule w" + i % 97;
      batch.add(
          new EmbeddedChunk(
              new Chunk("d" + i, i + 1L, 0, "", 0, 0, text.length(), text), embedding));
      if (batch.size() == BATCH) {
        index.write(batch);
        batch.clear();
      }
    }
    index.commit();
    return embeddings;
  }

  /** Checks all versions, one that was published since, and an epoch that was seen before. */
  private static void timeLooks(ChunkIndex index) {
    Set<Long> all = VersionSet.of(LongStream.rangeClosed(1, VERSIONS).toArray());
    Set<Long> allButOne = VersionSet.of(LongStream.range(1, VERSIONS).toArray());
    System.out.printf(
        "looks              milliseconds: all versions %.1f, one more %.2f, none %.4f%n",
        look(index, 1, allButOne), look(index, 2, all), look(index, 2, all));
  }

  private static double look(ChunkIndex index, long epoch, Set<Long> versions) {
    Deadline deadline = Deadline.after(Ticker.system(), Duration.ofMinutes(1));
    long start = System.nanoTime();
    assertTrue(index.hasAll(new LiveVersions(epoch, versions, version -> 1), deadline));
    return (System.nanoTime() - start) / 1e6;
  }

  private static Set<Long> farthest(List<Embedding> embeddings, Embedding from) {
    return new HashSet<>(
        LongStream.rangeClosed(1, VERSIONS)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    version -> from.cosine(embeddings.get((int) (version - 1)))))
            .limit(VERSIONS / 2)
            .toList());
  }

  private static VersionFilter filter(LongPredicate isWanted) {
    long[] all = LongStream.rangeClosed(1, VERSIONS).toArray();
    long[] only = LongStream.of(all).filter(isWanted).toArray();
    long[] others = LongStream.of(all).filter(isWanted.negate()).toArray();
    return others.length == 0
        ? VersionFilter.NONE
        : new VersionFilter(VersionSet.of(only), Set.of(), VersionSet.of(others));
  }

  /** Times each filter when the engine has not seen it before, and then again. */
  private void time(
      ChunkStore store, ChunkIndex index, String name, LongPredicate isWanted, Embedding query) {
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      VersionFilter filter = filter(isWanted);
      int expected = filter.only() == null ? HITS : Math.min(HITS, filter.only().size());
      try (ChunkView view = index.view(Deadline.after(Ticker.system(), Duration.ofMinutes(1)))) {
        for (String search : List.of("dense, new filter", "dense", "words")) {
          long start = System.nanoTime();
          if (!search.equals("words")) {
            assertEquals(expected, view.searchDense(query, HITS, filter).size());
          } else if (store.capabilities().lexical()) {
            view.searchLexical("leave rule w" + Math.abs(round), HITS, filter);
          }
          double elapsed = (System.nanoTime() - start) / 1e6;
          if (round >= 0) {
            millis.computeIfAbsent(search, key -> new ArrayList<>()).add(elapsed);
          }
        }
      }
    }
    millis.replaceAll((search, all) -> List.of(median(all)));
    System.out.printf("%-18s milliseconds: %s%n", name, millis);
  }

  private static double median(List<Double> millis) {
    return millis.stream().sorted().toList().get(millis.size() / 2);
  }

  private Embedding embedding() {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Embedding.normalised(values);
  }
}
