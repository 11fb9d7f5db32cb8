package dev.throng.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.Chunk;
import dev.throng.core.Embedding;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import dev.throng.store.VersionSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Searches of large indexes find the best chunks, filtered or not, whatever was replaced before.
 * This is a part of {@link ChunkStoreContract}.
 */
abstract class RecallContract extends CompletenessContract {
  @Test
  void searchOfALargeIndexIsNearlyExact() {
    int chunks = 6_000;
    SplittableRandom random = new SplittableRandom(42);
    List<EmbeddedChunk> all = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      Chunk chunk = new Chunk("d" + i, i + 1L, 0, "", 0, 0, 1, "w" + i % 10);
      all.add(new EmbeddedChunk(chunk, random(random)));
    }
    index().write(all);
    index().commit();
    VersionFilter even =
        new VersionFilter(
            null, Set.copyOf(IntStream.range(0, chunks / 2).mapToObj(i -> 2L * i + 1).toList()));
    int found = 0;
    try (ChunkView view = view()) {
      assertEquals(chunks, view.size());
      for (int i = 0; i < 20; i++) {
        Embedding query = random(random);
        found += common(all, query, view.searchDense(query, 100, VersionFilter.NONE));
        List<Hit> filtered = view.searchDense(query, 100, even);
        assertTrue(filtered.stream().allMatch(hit -> hit.version() % 2 == 0), "filtered");
        assertEquals(100, filtered.size());
      }
    }
    assertTrue(found >= 190, "recall of the true ten nearest: " + found / 200.0);
  }

  /** More versions than any engine accepts in one condition, on both sides of the filter. */
  @Test
  void filterOfManyVersionsFindsTheBestOfThose() {
    int chunks = 11_000;
    SplittableRandom random = new SplittableRandom(11);
    List<EmbeddedChunk> all = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      Chunk chunk = new Chunk("d" + i, i + 1L, 0, "", 0, 0, 1, i % 2 == 0 ? "even" : "odd one");
      all.add(new EmbeddedChunk(chunk, clustered(random, i % 50)));
    }
    index().write(all);
    index().commit();
    Embedding query = clustered(random, 7);
    List<EmbeddedChunk> farFirst =
        all.stream()
            .sorted(Comparator.comparingDouble(chunk -> query.cosine(chunk.embedding())))
            .toList();
    assertFindsTheBest(query, all, chunk -> chunk.chunk().version() % 2 == 0);
    assertFindsTheBest(query, all, chunk -> chunk.chunk().version() % 50 != 0);
    assertFindsTheBest(query, all, chunk -> chunk.chunk().version() % 50 == 0);
    assertFindsTheBest(query, all, Set.copyOf(farFirst.subList(0, 5_400))::contains);
    assertFindsTheBest(query, all, Set.copyOf(farFirst.subList(0, chunks - 300))::contains);
  }

  private void assertFindsTheBest(
      Embedding query, List<EmbeddedChunk> all, Predicate<EmbeddedChunk> isWanted) {
    List<EmbeddedChunk> wanted = all.stream().filter(isWanted).toList();
    Set<Long> only = versionsOf(wanted);
    Set<Long> others = without(only, versionsOf(all));
    for (VersionFilter filter :
        List.of(
            new VersionFilter(only, Set.of(), others),
            new VersionFilter(only, others, Set.of()),
            new VersionFilter(only, Set.of()))) {
      try (ChunkView view = view()) {
        List<Hit> near = view.searchDense(query, 100, filter);
        assertEquals(100, near.size());
        assertTrue(near.stream().allMatch(hit -> only.contains(hit.version())));
        assertTrue(common(wanted, query, near) >= 9, "the nearest of the wanted versions");
        if (searchesWords()) {
          List<Hit> odd = view.searchLexical("one", 100, filter);
          assertTrue(odd.stream().allMatch(hit -> only.contains(hit.version())));
          long odds = only.stream().filter(version -> version % 2 == 0).count();
          assertEquals(Math.min(100, odds), odd.size());
        }
      }
    }
  }

  private static Set<Long> versionsOf(List<EmbeddedChunk> chunks) {
    return VersionSet.of(chunks.stream().mapToLong(each -> each.chunk().version()).toArray());
  }

  static Set<Long> without(Set<Long> some, Set<Long> versions) {
    Set<Long> rest = new HashSet<>(versions);
    rest.removeAll(some);
    return rest;
  }

  @Test
  void replacingEveryDocumentKeepsNeighboursReachable() {
    int chunks = 5_500;
    SplittableRandom random = new SplittableRandom(7);
    List<Embedding> embeddings =
        IntStream.range(0, chunks).mapToObj(i -> clustered(random, i % 200)).toList();
    List<EmbeddedChunk> live = new ArrayList<>();
    int batch = 250;
    for (int generation = 0; generation < 2; generation++) {
      live.clear();
      for (int i = 0; i < chunks; i++) {
        long version = generation * 100_000L + i + 1;
        live.add(
            new EmbeddedChunk(
                new Chunk("d" + i, version, 0, "", 0, 0, 1, "w" + i % 10), embeddings.get(i)));
        if (live.size() % batch == 0 || i == chunks - 1) {
          index().write(live.subList(i - i % batch, live.size()));
          index().commit();
        }
      }
    }
    for (int from = 1; from <= chunks; from += 1_500) {
      index()
          .deleteVersions(
              IntStream.range(from, Math.min(chunks + 1, from + 1_500))
                  .mapToObj(Long::valueOf)
                  .toList());
      index().commit();
    }
    int found = 0;
    try (ChunkView view = view()) {
      for (int i = 0; i < 20; i++) {
        Embedding query = clustered(random, i);
        found += common(live, query, view.searchDense(query, 100, VersionFilter.NONE));
      }
    }
    assertTrue(found >= 190, "recall of the true ten nearest: " + found / 200.0);
  }

  /** Around one of several centres, like texts about one subject. */
  private static Embedding clustered(SplittableRandom random, int centre) {
    SplittableRandom ofCentre = new SplittableRandom(centre);
    float[] values = new float[HashEmbedder.DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (ofCentre.nextGaussian() + 0.5 * random.nextGaussian());
    }
    return Embedding.normalised(values);
  }

  private static Embedding random(SplittableRandom random) {
    float[] values = new float[HashEmbedder.DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Embedding.normalised(values);
  }

  private static int common(List<EmbeddedChunk> all, Embedding query, List<Hit> hits) {
    Set<Long> found = Set.copyOf(hits.stream().map(Hit::version).toList());
    return (int)
        all.stream()
            .sorted(Comparator.comparingDouble(chunk -> -query.cosine(chunk.embedding())))
            .limit(10)
            .filter(chunk -> found.contains(chunk.chunk().version()))
            .count();
  }
}
