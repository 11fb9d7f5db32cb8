package dev.throng.contract;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
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
 * The contract of every engine that stores chunks; each part applies as far as the engine declares
 * it.
 */
public abstract class ChunkStoreContract extends CompletenessContract {
  private List<Long> lexical(String text, VersionFilter filter) {
    try (ChunkView view = view()) {
      return view.searchLexical(text, 10, filter).stream().map(Hit::version).toList();
    }
  }

  private List<Long> dense(String text, VersionFilter filter) {
    try (ChunkView view = view()) {
      return view.searchDense(embedding(text), 10, filter).stream().map(Hit::version).toList();
    }
  }

  /** Best first: by words where the engine searches them, otherwise by vectors. */
  private List<Long> found(String text, VersionFilter filter) {
    return searchesWords() ? lexical(text, filter) : dense(text, filter);
  }

  @Test
  void chunksAreReadableOnlyAfterTheCommit() {
    index().write(List.of(chunk(1, 0, "parental leave is twelve weeks")));
    if (isTransactional()) {
      assertEquals(List.of(), found("parental leave", VersionFilter.NONE));
    }
    index().commit();
    assertEquals(List.of(1L), found("parental leave", VersionFilter.NONE));
    assertEquals(List.of(1L), dense("parental leave", VersionFilter.NONE));
  }

  @Test
  void chunkWrittenTwiceIsStoredOnce() {
    // In a transactional engine a crash leaves nothing that could be written twice.
    assumeFalse(isTransactional());
    publish(chunk(1, 0, "as it was"), chunk(1, 1, "the second"));
    publish(chunk(1, 0, "as it is"), chunk(1, 1, "the second"));
    assertEquals(
        List.of("as it is", "the second"),
        index().chunksOf(1).stream().map(each -> each.chunk().text()).toList());
  }

  @Test
  void engineWithoutLexicalSearchReportsIt() {
    assumeFalse(searchesWords());
    publish(chunk(1, 0, "a rule"));
    assertThrows(UnsupportedOperationException.class, () -> lexical("rule", VersionFilter.NONE));
  }

  @Test
  void wordsMatchByStemBestFirst() {
    assumeTrue(searchesWords());
    publish(
        chunk(1, 0, "the travel policy covers trains and hotels and taxis and planes"),
        chunk(2, 0, "hotels are booked by the hotel desk"),
        chunk(3, 0, "nothing about it"));
    assertEquals(List.of(2L, 1L), lexical("hotel", VersionFilter.NONE));
    assertEquals(List.of(), lexical("the of and", VersionFilter.NONE), "stop words only");
    assertEquals(List.of(), lexical("", VersionFilter.NONE));
    assertEquals(List.of(2L, 1L), lexical("hotel +(\"^~*:", VersionFilter.NONE), "no syntax");
  }

  @Test
  void vectorsAreReturnedNearestFirstWithTheirCosine() {
    publish(chunk(1, 0, "alpha beta"), chunk(2, 0, "alpha gamma delta"), chunk(3, 0, "omega"));
    try (ChunkView view = view()) {
      List<Hit> hits = view.searchDense(embedding("alpha beta"), 2, VersionFilter.NONE);
      assertEquals(List.of(1L, 2L), hits.stream().map(Hit::version).toList());
      float cosine = embedding("alpha beta").cosine(embedding("alpha gamma delta"));
      assertEquals((1 + cosine) / 2, hits.get(1).score(), 1e-5);
    }
  }

  @Test
  void deletedVersionsAreGoneOnlyAfterTheCommit() {
    publish(chunk(1, 0, "old rule"), chunk(1, 1, "old rule again"), chunk(2, 0, "new rule"));
    index().deleteVersions(Set.of(1L));
    assertEquals(Set.of(1L, 2L), index().versions());
    index().commit();
    assertEquals(Set.of(2L), index().versions());
    assertEquals(List.of(2L), found("rule", VersionFilter.NONE));
    assertEquals(List.of(2L), dense("rule", VersionFilter.NONE));
  }

  @Test
  void filterAppliesToBothSearches() {
    publish(chunk(1, 0, "one rule"), chunk(2, 0, "two rule"), chunk(3, 0, "three rule"));
    VersionFilter only = new VersionFilter(Set.of(1L, 3L), Set.of());
    VersionFilter except = new VersionFilter(null, Set.of(2L));
    VersionFilter nothing = new VersionFilter(Set.of(), Set.of());
    assertEquals(Set.of(1L, 3L), Set.copyOf(found("rule", only)));
    assertEquals(Set.of(1L, 3L), Set.copyOf(dense("rule", only)));
    assertEquals(Set.of(1L, 3L), Set.copyOf(found("rule", except)));
    assertEquals(Set.of(1L, 3L), Set.copyOf(dense("rule", except)));
    assertEquals(List.of(), found("rule", nothing));
    VersionFilter onlyTheGone = new VersionFilter(Set.of(2L), Set.of(2L));
    assertEquals(List.of(), found("rule", onlyTheGone));
    assertEquals(List.of(), dense("rule", nothing));
  }

  @Test
  void viewKeepsShowingItsCommit() {
    publish(chunk(1, 0, "first edition"));
    try (ChunkView view = view()) {
      index().deleteVersions(Set.of(1L));
      publish(chunk(2, 0, "second edition"));
      if (isTransactional()) {
        List<Hit> hits = view.searchDense(embedding("edition"), 10, VersionFilter.NONE);
        assertEquals(List.of(1L), hits.stream().map(Hit::version).toList());
        assertEquals("first edition", view.chunks(hits).getFirst().text());
      }
    }
    assertEquals(List.of(2L), found("edition", VersionFilter.NONE));
  }

  @Test
  void reopenedIndexHoldsExactlyWhatWasCommitted() {
    publish(chunk(1, 0, "kept"));
    index().write(List.of(chunk(2, 0, "lost")));
    index().deleteVersions(Set.of(1L));
    reopen();
    Set<Long> uncommitted = isTransactional() ? Set.of() : Set.of(2L);
    assertEquals(Set.of(1L), without(uncommitted, index().versions()));
    assertEquals(List.of(1L), found("kept", new VersionFilter(null, uncommitted)));
    publish(chunk(3, 0, "kept, too"));
    reopen();
    assertEquals(Set.of(1L, 3L), without(uncommitted, index().versions()));
  }

  private static Set<Long> without(Set<Long> some, Set<Long> versions) {
    Set<Long> rest = new HashSet<>(versions);
    rest.removeAll(some);
    return rest;
  }

  @Test
  void indexOfAnotherEmbedderIsRefusedWithTheRemedy() {
    index(); // empty, but its embedder is already recorded
    reopen();
    assertFails(
        ErrorCode.INDEX_MISMATCH,
        () -> store().open(REF, 1, new IndexSpec("en", "other", HashEmbedder.DIMENSION)),
        "hash-64",
        "other",
        "throng reindex");
    assertFails(
        ErrorCode.INDEX_MISMATCH,
        () -> store().open(REF, 1, new IndexSpec("en", "hash-64", 384)),
        "384",
        "throng reindex");
    publish(chunk(1, 0, "the right one still opens"));
    assertEquals(List.of(1L), found("right", VersionFilter.NONE));
  }

  @Test
  void tenantsCollectionsAndIndexesAreSeparate() {
    publish(chunk(1, 0, "secret"));
    for (ChunkIndex other :
        List.of(
            store().open(new CollectionRef("tenant2", "handbook"), 1, SPEC),
            store().open(new CollectionRef("default", "other"), 1, SPEC),
            store().open(REF, 2, SPEC))) {
      assertEquals(Set.of(), other.versions());
    }
    assertSame(index(), store().open(REF, 1, SPEC));
    store().drop(REF, 2, SPEC);
    store().drop(REF, 2, SPEC); // it is already gone
    assertEquals(Set.of(1L), index().versions());
    store().drop(REF, 1, SPEC);
    assertEquals(Set.of(), index().versions(), "an index opened again is empty");
  }

  @Test
  void chunksAreReadBackCompleteAndInOrder() {
    String longText = "größer 日本 😀 ".repeat(10_000);
    Chunk second = new Chunk("doc", 7, 1, "A > B", 12, 100, 100 + longText.length(), longText);
    EmbeddedChunk written = new EmbeddedChunk(second, embedding("b"));
    publish(written, chunk(7, 0, "first"), chunk(8, 0, "another"));
    List<EmbeddedChunk> read = index().chunksOf(7);
    assertEquals("first", read.getFirst().chunk().text());
    assertEquals(second, read.get(1).chunk());
    assertEquals(1, read.get(1).embedding().cosine(written.embedding()), 1e-5);
    assertEquals(List.of(), index().chunksOf(99));
  }

  @Test
  void wordEvidenceIsThatOfTheBestHits() {
    publish(chunk(1, 0, "vacation days"), chunk(2, 0, "vacation"), chunk(3, 0, "parking"));
    try (ChunkView view = view()) {
      List<Hit> hits =
          view.searchDense(embedding("vacation"), 10, new VersionFilter(Set.of(1L, 2L), Set.of()));
      double one = view.wordEvidence("vacation zeppelin", hits, VersionFilter.NONE);
      double two = view.wordEvidence("vacation days", hits, VersionFilter.NONE);
      assertTrue(0 < one && one < two && two <= 2, () -> one + " and " + two);
      assertEquals(one, view.wordEvidence("vacation vacation", hits, VersionFilter.NONE), 1e-9);
      assertEquals(0, view.wordEvidence("zeppelin", hits, VersionFilter.NONE));
      assertEquals(0, view.wordEvidence("parking", hits, VersionFilter.NONE));
      assertEquals(0, view.wordEvidence("the of", hits, VersionFilter.NONE), "no words");
      assertEquals(0, view.wordEvidence("vacation", List.of(), VersionFilter.NONE));
    }
  }

  @Test
  void wordEvidenceIsScaledByTheRarestPossibleWord() {
    assumeTrue(searchesWords());
    publish(chunk(1, 0, "vacation days"), chunk(2, 0, "vacation"), chunk(3, 0, "parking"));
    double rarest = Math.log(8); // 1 + (3 + 0.5) / 0.5
    double inOne = Math.log(1 + 2.5 / 1.5) / rarest;
    double inTwo = Math.log(1 + 1.5 / 2.5) / rarest;
    try (ChunkView view = view()) {
      List<Hit> hits = view.searchLexical("vacation", 10, VersionFilter.NONE);
      assertEquals(
          inOne + inTwo, view.wordEvidence("vacation days", hits, VersionFilter.NONE), 1e-9);
      assertEquals(inTwo, view.wordEvidence("vacation zeppelin", hits, VersionFilter.NONE), 1e-9);
      assertEquals(
          inTwo, view.wordEvidence("vacation vacation parking", hits, VersionFilter.NONE), 1e-9);
      assertEquals(0, view.wordEvidence("zeppelin", hits, VersionFilter.NONE));
      assertEquals(0, view.wordEvidence("parking", hits, VersionFilter.NONE));
      assertEquals(0, view.wordEvidence("the of", hits, VersionFilter.NONE), "no words");
      assertEquals(0, view.wordEvidence("vacation", List.of(), VersionFilter.NONE));
    }
  }

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

  @Test
  void scoresDependOnLiveChunksOnly() {
    assumeTrue(store().capabilities().forgetsDeadWords());
    EmbeddedChunk other = chunk(2, 0, "the hotel desk books hotels for visitors");
    publish(chunk(1, 0, "hotels are paid by the company"), other);
    List<Float> alone = scores("hotel company", VersionFilter.NONE);
    // The same document again with its old version dead, and an unrelated dead one.
    publish(chunk(3, 0, "hotels are paid by the company"), chunk(4, 0, "hotel hotel bus"));
    VersionFilter live = new VersionFilter(null, Set.of(1L, 4L));
    assertEquals(alone, scores("hotel company", live));
    index().deleteVersions(Set.of(1L, 4L));
    index().commit();
    assertEquals(alone, scores("hotel company", VersionFilter.NONE));
    try (ChunkView view = view()) {
      List<Hit> hits = view.searchLexical("hotel", 10, VersionFilter.NONE);
      assertEquals(Set.of(2L, 3L), Set.copyOf(hits.stream().map(Hit::version).toList()));
    }
  }

  private List<Float> scores(String text, VersionFilter filter) {
    try (ChunkView view = view()) {
      return view.searchLexical(text, 10, filter).stream().map(Hit::score).toList();
    }
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
