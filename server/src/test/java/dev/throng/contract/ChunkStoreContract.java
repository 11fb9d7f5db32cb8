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
import dev.throng.core.ErrorCode;
import dev.throng.core.Layout;
import dev.throng.core.PageLayout;
import dev.throng.core.Span;
import dev.throng.fixtures.HashEmbedder;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.Hit;
import dev.throng.store.VersionFilter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The contract of every engine that stores chunks; each part applies as far as the engine declares
 * it.
 */
public abstract class ChunkStoreContract extends RecallContract {
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
  void chunksAreReadByOrdinalWithTheirLayout() {
    Layout layout =
        Layout.of(
            List.of(new PageLayout(2, 595, 842, List.of(new PageLayout.Line(5, 9, 1, 2, 3, 4)))));
    Chunk second =
        new Chunk(
            "d7",
            7,
            1,
            "A",
            5,
            9,
            "text",
            List.of(new Span(5, 9, 2, "ii", "A > B")),
            true,
            true,
            layout);
    publish(
        chunk(7, 2, "third"),
        new EmbeddedChunk(second, embedding("text")),
        chunk(7, 0, "first"),
        chunk(8, 1, "another"));
    try (ChunkView view = view()) {
      List<Chunk> chunks = view.chunks(7, 1, 3);
      assertEquals(List.of("text", "third"), chunks.stream().map(Chunk::text).toList());
      assertEquals(second, chunks.getFirst());
      assertEquals(List.of(), view.chunks(7, 2, 2));
    }
  }

  @Test
  void questionOfThousandsOfWordsIsSearched() {
    assumeTrue(searchesWords());
    publish(chunk(1, 0, "vacation days"), chunk(2, 0, "parking"));
    StringBuilder question = new StringBuilder("vacation");
    for (int i = 0; i < 3_000; i++) {
      question.append(' ').append(i);
    }
    try (ChunkView view = view()) {
      List<Hit> hits = view.searchLexical(question.toString(), 10, VersionFilter.NONE);
      assertEquals(List.of(1L), hits.stream().map(Hit::version).toList());
    }
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
}
