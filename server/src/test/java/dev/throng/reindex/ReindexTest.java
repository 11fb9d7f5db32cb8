package dev.throng.reindex;

import static dev.throng.fixtures.Failures.assertFails;
import static dev.throng.fixtures.TestCorpus.REF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Blob;
import dev.throng.catalog.ClaimedJob;
import dev.throng.catalog.CollectionIndex;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentIds;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.Metadata;
import dev.throng.core.Passage;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.CrashingStore;
import dev.throng.fixtures.TestCorpus;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another index replaces the live one, and includes every change made in the meantime. */
final class ReindexTest {
  private static final String OTHER = "hash-other";

  /** More documents than are added while publishes are held. */
  private static final int DOCUMENTS = 40;

  @TempDir private Path folder = Path.of("");

  static ReindexQueue queue(TestCorpus corpus) {
    return new ReindexQueue(corpus.catalog(), corpus.indexer(), new Ids(new SplittableRandom()));
  }

  private static void fill(TestCorpus corpus) {
    for (int i = 0; i < DOCUMENTS; i++) {
      corpus.write("doc-" + i, "Rule " + i + " is about parking.\n\nIt holds since " + i + ".");
    }
    corpus.publish();
  }

  private static Set<String> found(TestCorpus corpus) {
    Set<String> found = new TreeSet<>();
    for (Passage passage : corpus.search("rule about parking holds", 10 * DOCUMENTS)) {
      assertTrue(found.add(passage.uri()), "twice: " + passage.uri());
    }
    return found;
  }

  private static Set<String> documents(String... more) {
    Set<String> uris =
        IntStream.range(0, DOCUMENTS)
            .mapToObj(i -> "doc-" + i)
            .collect(Collectors.toCollection(TreeSet::new));
    uris.addAll(List.of(more));
    return uris;
  }

  private static String run(TestCorpus corpus) {
    return run(corpus, progress -> {});
  }

  /** Runs the waiting job. */
  private static String run(TestCorpus corpus, Consumer<JobProgress> progress) {
    ClaimedJob claimed = corpus.catalog().jobs().claims().claimNext("").orElseThrow();
    Job job = claimed.job();
    JobSpec.Reindex reindex = assertInstanceOf(JobSpec.Reindex.class, job.spec());
    String done = corpus.newReindexer().run(REF, reindex.indexNumber(), claimed.claim(), progress);
    corpus.catalog().jobs().claims().finish(claimed.claim(), job.progress(), done);
    return done;
  }

  /** Runs an action once, when the first round is over. */
  private static Consumer<JobProgress> once(Runnable event) {
    AtomicBoolean hasHappened = new AtomicBoolean();
    return progress -> {
      if (progress.pages() >= DOCUMENTS && !hasHappened.getAndSet(true)) {
        event.run();
      }
    };
  }

  @Test
  void collectionMovesToAnotherEmbedderWithTheSameDocuments() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      fill(corpus);
      CollectionState before = corpus.state();
      queue(corpus).begin(REF, OTHER);
      assertEquals("40 documents from their chunks", run(corpus));
      CollectionState after = corpus.state();
      assertEquals(OTHER, after.spec().embedderId());
      assertEquals(2, after.indexNumber());
      assertTrue(after.epoch() > before.epoch(), "answers are validated again");
      assertEquals(before.byVersion().keySet(), after.byVersion().keySet());
      assertEquals(after.byVersion().keySet(), corpus.index().versions());
      assertEquals(documents(), found(corpus));
      assertTrue(corpus.embedder(OTHER).queriesEmbedded() > 0, "its questions use it");
      corpus.writeAndPublish("new", "A new rule about parking.");
      assertEquals(documents("new"), found(corpus), "documents, too");
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      assertEquals(documents("new"), found(corpus), "after a restart, too");
    }
  }

  @Test
  void documentsPublishedDuringTheBuildAreIncluded() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      fill(corpus);
      queue(corpus).begin(REF, OTHER);
      run(
          corpus,
          once(() -> {
            assertEquals(documents(), found(corpus), "the live index continues to answer");
            corpus.write("late", "A late rule about parking.");
            corpus.write("doc-1", "Rule 1 was about parking, and is about hotels now.");
            corpus.remove("doc-2");
            corpus.publish();
          }));
      Set<String> expected = documents("late");
      expected.remove("doc-2");
      assertEquals(expected, found(corpus));
      assertEquals(corpus.state().byVersion().keySet(), corpus.index().versions());
      assertTrue(
          corpus.search("hotels", 1).getFirst().text().contains("hotels now"), "the new version");
    }
  }

  @Test
  void newVersionsWaitDuringTheFinalRoundButDeletionsDoNot() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.write("a", "Alpha is about parking.");
      corpus.writeAndPublish("b", "Beta is about parking.");
      queue(corpus).begin(REF, OTHER);
      AtomicBoolean wasHeld = new AtomicBoolean();
      run(
          corpus,
          progress -> {
            if (progress.state() == JobState.PUBLISHING && !wasHeld.getAndSet(true)) {
              corpus.remove("b");
              corpus.publish();
              corpus.write("c", "Gamma is about parking.");
              assertFails(ErrorCode.CATALOG_UNAVAILABLE, corpus::publish);
            }
          });
      assertTrue(wasHeld.get());
      assertEquals(Set.of("a"), found(corpus), "c was written into the former index");
      corpus.publish();
      assertEquals(Set.of(), corpus.catalog().abandonedVersions(REF));
      assertEquals(
          corpus.state().byVersion().keySet(),
          corpus.catalog().versions(REF).stream()
              .filter(version -> !corpus.state().deadVersions().contains(version))
              .collect(Collectors.toSet()),
          "its row is gone, so its source must ingest it again");
      corpus.writeAndPublish("c", "Gamma is about parking.");
      assertEquals(Set.of("a", "c"), found(corpus));
    }
  }

  /**
   * Other publishes wait for the switch, but deletions do not; a failed one must not happen later.
   */
  @Test
  void deletionsNeverWaitForTheSwitch() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.writeAndPublish("a", "Alpha is about parking.");
      queue(corpus).begin(REF, OTHER);
      corpus.catalog().indexes().holdPublishes(REF, 2, Instant.EPOCH.plus(Duration.ofHours(1)));
      corpus.write("b", "Beta is about parking.");
      assertFails(ErrorCode.CATALOG_UNAVAILABLE, corpus::publish);
      corpus.indexer().removeNow(REF, List.of(DocumentIds.of(REF, "a")));
      assertEquals(Set.of(), found(corpus));
      corpus.advance(Duration.ofHours(2));
      corpus.publish();
      assertEquals(Set.of("b"), found(corpus));
    }
  }

  @Test
  void interruptedBuildContinuesWhereItStopped() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      fill(corpus);
      queue(corpus).begin(REF, OTHER);
      ClaimedJob claimed = corpus.catalog().jobs().claims().claimNext("").orElseThrow();
      assertThrows(
          IllegalStateException.class,
          () ->
              corpus
                  .newReindexer()
                  .run(
                      REF,
                      2,
                      claimed.claim(),
                      once(() -> {
                        throw new IllegalStateException("cut off");
                      })));
      assertEquals(1, corpus.state().indexNumber(), "the live index is unchanged");
      corpus.catalog().jobs().claims().releaseAll();
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      corpus.writeAndPublish("late", "A late rule about parking.");
      assertEquals("1 documents from their chunks", run(corpus));
      assertEquals(documents("late"), found(corpus));
    }
  }

  @Test
  void crashBetweenAnyTwoStepsLosesNothing() throws IOException {
    int steps = 0;
    while (crashAfter(steps, Files.createDirectory(folder.resolve("crash" + steps)))) {
      steps++;
    }
    assertTrue(steps >= 6, "crashed in only " + steps);
  }

  private static boolean crashAfter(int halfSteps, Path folder) {
    boolean isCrashed = false;
    AtomicReference<CrashingStore> store = new AtomicReference<>();
    try (TestCorpus corpus =
        new TestCorpus(
            folder,
            real -> {
              store.set(new CrashingStore(real));
              return store.get();
            })) {
      corpus.write("doc-1", "Rule 1 is about parking.");
      corpus.writeAndPublish("doc-2", "Rule 2 is about parking.");
      queue(corpus).begin(REF, OTHER);
      store.get().crashAfter(halfSteps);
      try {
        run(corpus);
      } catch (CrashingStore.Crash e) {
        isCrashed = true;
      }
      store.get().crashAfter(Integer.MAX_VALUE);
    }
    try (TestCorpus corpus = new TestCorpus(folder)) {
      assertEquals(Set.of("doc-1", "doc-2"), found(corpus));
      corpus.catalog().jobs().claims().requeueOrphaned();
      if (isCrashed) {
        run(corpus);
      }
      assertEquals(2, corpus.state().indexNumber());
      assertEquals(Set.of("doc-1", "doc-2"), found(corpus));
      assertEquals(corpus.state().byVersion().keySet(), corpus.index().versions());
    }
    return isCrashed;
  }

  @Test
  void rollbackIncludesTheChangesMadeSince() {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      fill(corpus);
      ReindexQueue queue = queue(corpus);
      assertFails(ErrorCode.NO_SUCH_INDEX, () -> queue.rollBack(REF));
      queue.begin(REF, OTHER);
      run(corpus);
      corpus.write("late", "A late rule about parking.");
      corpus.remove("doc-3");
      corpus.publish();
      queue.rollBack(REF);
      assertEquals("1 documents from their chunks", run(corpus));
      assertEquals(1, corpus.state().indexNumber());
      assertEquals("hash-64", corpus.state().spec().embedderId());
      Set<String> expected = documents("late");
      expected.remove("doc-3");
      assertEquals(expected, found(corpus));
      assertEquals(corpus.state().byVersion().keySet(), corpus.index().versions());
      corpus.writeAndPublish("later", "A later rule about parking.");
      expected.add("later");
      assertEquals(expected, found(corpus), "the former index is written again");
      assertEquals(
          List.of(CollectionIndex.State.FORMER),
          queue.indexes(REF).stream().map(CollectionIndex::state).toList());
    }
  }

  @Test
  void onlyOneBuildRunsAndUnneededIndexesAreDeleted() throws IOException {
    try (TestCorpus corpus = new TestCorpus(folder)) {
      fill(corpus);
      ReindexQueue queue = queue(corpus);
      Job first = queue.begin(REF, OTHER);
      assertFails(ErrorCode.REINDEX_UNDER_WAY, () -> queue.begin(REF, OTHER));
      assertFails(ErrorCode.REINDEX_UNDER_WAY, () -> queue.discard(REF));
      assertEquals(first.id(), queue.open(REF).orElseThrow().id());
      run(corpus);
      queue.begin(REF, "hash-third");
      run(corpus);
      assertEquals(3, corpus.state().indexNumber());
      assertEquals(
          List.of(CollectionIndex.State.DROPPED, CollectionIndex.State.FORMER),
          queue.indexes(REF).stream().map(CollectionIndex::state).toList());
      corpus.advance(Duration.ofMinutes(1));
      corpus.newReindexer().deleteDropped(Duration.ofSeconds(5));
      assertFalse(Files.exists(folder.resolve("index/default/default/1")));
      queue.discard(REF);
      corpus.advance(Duration.ofMinutes(1));
      corpus.newReindexer().deleteDropped(Duration.ofSeconds(5));
      assertEquals(List.of(), queue.indexes(REF));
      try (var left = Files.list(folder.resolve("index/default/default"))) {
        assertEquals(List.of("3"), left.map(path -> path.getFileName().toString()).toList());
      }
      assertEquals(documents(), found(corpus));
    }
  }

  @Test
  void uploadedDocumentsAreReadFromTheirOriginalsUnchanged() {
    try (TestCorpus corpus = new TestCorpus(folder);
        JobRunner runner = corpus.newRunner()) {
      IngestQueue documents = corpus.newQueue(runner);
      runner.start();
      awaitDone(corpus, send(documents));
      awaitDone(corpus, queue(corpus).begin(REF, OTHER));
      assertEquals(2, corpus.state().indexNumber());
      Job again = awaitDone(corpus, send(documents));
      assertEquals("unchanged", again.detail());
    }
  }

  static Job send(IngestQueue queue) {
    Blob blob = TestCorpus.keep(queue, "rules.md", "# Rules\n\nParking.");
    DocumentSource source =
        new DocumentSource("rules", "rules.md", null, Metadata.NONE, null, blob);
    return queue.enqueue(REF, List.of(source), null).getFirst();
  }

  static Job awaitDone(TestCorpus corpus, Job job) {
    AtomicReference<Job> last = new AtomicReference<>(job);
    Await.until(
        "the job ends",
        () -> {
          corpus.advance(Duration.ofSeconds(2));
          last.set(corpus.catalog().jobs().find("default", job.id()).orElseThrow());
          return last.get().state().isFinished();
        });
    assertEquals(JobState.DONE, last.get().state(), last.get()::detail);
    return last.get();
  }
}
