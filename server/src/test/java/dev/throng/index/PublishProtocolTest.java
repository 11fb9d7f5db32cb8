package dev.throng.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Blob;
import dev.throng.catalog.DocumentSource;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.Passage;
import dev.throng.fixtures.CrashingStore;
import dev.throng.fixtures.TestCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a crash at any step, a document is in its old or its new state, never in between. */
final class PublishProtocolTest {
  private static final String A_OLD = "Alpha first edition.\n\nAlpha second paragraph, old.";
  private static final String A_NEW = "Alpha second edition.\n\nAlpha second paragraph, new.";
  private static final String B = "Beta is about parking.";
  private static final String C = "Gamma is about hotels.";

  @TempDir private Path folder = Path.of("");

  private static Set<String> found(TestCorpus corpus) {
    Set<String> texts = new HashSet<>();
    for (Passage passage : corpus.search("alpha beta gamma edition parking hotels", 50)) {
      assertTrue(texts.add(passage.uri() + ": " + passage.text()), "twice: " + passage.text());
    }
    return texts;
  }

  private static Set<String> old() {
    return Set.of("a: " + A_OLD, "b: " + B);
  }

  private static Set<String> fresh() {
    return Set.of("a: " + A_NEW, "c: " + C);
  }

  /** Changes a, removes b, adds c: all in one publish. */
  private static void change(TestCorpus corpus) {
    corpus.write("a", "superseded before it was ever live");
    corpus.write("a", A_NEW);
    corpus.write("c", C);
    corpus.remove("b");
    corpus.publish();
  }

  @Test
  void crashBetweenAnyTwoStepsLeavesAllOrNothing() throws IOException {
    int steps = 0;
    while (crashAfter(steps, Files.createDirectory(folder.resolve("crash" + steps)))) {
      steps++;
    }
    assertTrue(steps >= 12, "the protocol has at least six changes, crashed in only " + steps);
  }

  private static boolean crashAfter(int halfSteps, Path folder) {
    boolean crashed;
    AtomicReference<CrashingStore> store = new AtomicReference<>();
    try (TestCorpus corpus =
        new TestCorpus(
            folder,
            real -> {
              CrashingStore crashing = new CrashingStore(real);
              store.set(crashing);
              return crashing;
            })) {
      corpus.write("a", A_OLD);
      corpus.writeAndPublish("b", B);
      store.get().crashAfter(halfSteps);
      crashed = crashes(corpus);
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      assertEquals(crashed ? old() : fresh(), found(corpus), "before anything else is written");
      change(corpus);
      assertEquals(fresh(), found(corpus), "ingesting again repairs it");
      assertEquals(corpus.state().byVersion().keySet(), live(corpus), "no other chunk is left");
      corpus.advance(Duration.ofMinutes(10));
      corpus.publish();
      assertEquals(corpus.state().byVersion().keySet(), corpus.index().versions(), "swept");
      assertEquals(Set.of(), corpus.state().deadVersions());
      assertEquals(fresh(), found(corpus));
    }
    return crashed;
  }

  private static boolean crashes(TestCorpus corpus) {
    try {
      change(corpus);
      return false;
    } catch (CrashingStore.Crash e) {
      return true;
    }
  }

  private static Set<Long> live(TestCorpus corpus) {
    Set<Long> versions = new HashSet<>(corpus.index().versions());
    versions.removeAll(corpus.state().deadVersions());
    return versions;
  }

  @Test
  void writtenDocumentIsInvisibleUntilPublished() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.writeAndPublish("a", A_OLD);
      corpus.write("a", A_NEW);
      assertEquals(Set.of("a: " + A_OLD), found(corpus));
      corpus.publish();
      assertEquals(Set.of("a: " + A_NEW), found(corpus));
    }
  }

  @Test
  void publishIsDueOnlyAfterItsInterval() {
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.publish_interval", "1s")) {
      corpus.advance(Duration.ofSeconds(1));
      corpus.write("a", A_OLD);
      long first = corpus.state().epoch();
      assertTrue(first > 0);
      corpus.write("b", B);
      assertEquals(first, corpus.state().epoch(), "once a second at most");
      corpus.advance(Duration.ofSeconds(1));
      corpus.write("c", C);
      long second = corpus.state().epoch();
      assertTrue(second > first);
      assertEquals(3, corpus.state().byUri().size());
      corpus.publish();
      assertEquals(second, corpus.state().epoch(), "nothing to publish, no new epoch");
    }
  }

  @Test
  void clockSetBackDelaysNothing() {
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.publish_interval", "1s")) {
      corpus.advance(Duration.ofHours(1));
      corpus.write("a", A_OLD);
      corpus.advance(Duration.ofHours(-1));
      corpus.write("b", B);
      assertEquals(2, corpus.state().byUri().size());
    }
  }

  @Test
  void fullBatchIsPublishedImmediately() {
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.batch_chunks", "2")) {
      corpus.write("a", A_OLD);
      assertEquals(0, corpus.state().epoch());
      corpus.write("b", B);
      assertEquals(1, corpus.state().epoch());
    }
  }

  @Test
  void deadChunksStayForTheDeletionGrace() {
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.deletion_grace", "30s")) {
      corpus.writeAndPublish("a", A_OLD);
      corpus.writeAndPublish("a", A_NEW);
      Set<Long> dead = corpus.state().deadVersions();
      corpus.advance(Duration.ofSeconds(30));
      corpus.publish();
      assertTrue(corpus.index().versions().containsAll(dead));
      corpus.advance(Duration.ofSeconds(1));
      corpus.publish();
      assertEquals(corpus.state().byVersion().keySet(), corpus.index().versions());
    }
  }

  @Test
  void documentRemovedBeforeItWasPublishedNeverAppears() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.writeAndPublish("b", B);
      corpus.write("b", "Beta was changed and then removed.");
      corpus.remove("b");
      corpus.write("c", C);
      corpus.remove("c");
      corpus.publish();
      assertEquals(Set.of(), found(corpus));
      assertEquals(Set.of(), corpus.state().byVersion().keySet());
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.indexer().openCollection(TestCorpus.REF);
      assertEquals(Set.of(), found(corpus));
    }
  }

  /** A copy of a live document may be the first write after a start. */
  @Test
  void copyWrittenFirstAfterAStartSurvivesTheNextStart() throws IOException {
    Path file = Files.writeString(folder.resolve("copy.txt"), B);
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.indexer().openCollection(TestCorpus.REF);
      corpus.indexer().ingest(intake(corpus, "b", file));
      corpus.publish();
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.indexer().ingest(intake(corpus, "copy of b", file));
      corpus.publish();
      assertEquals(0, corpus.documentsEmbedded(), "its embeddings were reused");
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      assertEquals(Set.of("b: " + B, "copy of b: " + B), found(corpus));
    }
  }

  private static IngestTask intake(TestCorpus corpus, String uri, Path file) throws IOException {
    DocumentSource source =
        new DocumentSource(
            uri, file.getFileName().toString(), null, Metadata.NONE, null, Blob.NONE);
    Hash hash =
        corpus
            .indexer()
            .contentHash(TestCorpus.REF, Hash.of(Files.readAllBytes(file)), source.name());
    return new IngestTask(TestCorpus.REF, source, file, hash, null, progress -> {}, words -> {});
  }

  @Test
  void unchangedChunksOfAnEditedDocumentAreNotEmbeddedAgain() {
    String rest = "This paragraph stays as it is. ".repeat(60);
    try (TestCorpus corpus = new TestCorpus(folder, "ingest.chunk_tokens", "100")) {
      int chunks = corpus.write("a", rest + "\n\nThe last one is old.");
      corpus.publish();
      int before = corpus.documentsEmbedded();
      assertTrue(chunks > 3);
      corpus.writeAndPublish("a", rest + "\n\nThe last one is new.");
      assertTrue(corpus.documentsEmbedded() - before <= 2, "only the changed chunks");
    }
  }

  @Test
  void failedDocumentKeepsItsPreviousVersion() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.writeAndPublish("a", A_OLD);
      assertThrows(RuntimeException.class, () -> corpus.write("a", "  \n\n "));
      corpus.publish();
      assertEquals(Set.of("a: " + A_OLD), found(corpus));
      assertEquals(List.of("a"), List.copyOf(corpus.state().byUri().keySet()));
    }
  }
}
