package dev.throng.retrieval;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.LiveDocument;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Passage;
import dev.throng.core.Ticker;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.LaggingStore;
import dev.throng.fixtures.TestCorpus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A document is replaced while a copy of the index does not have the new version yet, or has
 * already lost the old one. A request gets the old or the new version, or an error that asks it to
 * retry.
 */
final class LaggingIndexTest {
  private static final String URI = "manual.md";
  private static final String QUESTION = "Which edition of the manual is in force?";

  private final Path folder;
  private @Nullable LaggingStore lagging;
  private TestCorpus corpus;

  LaggingIndexTest(@TempDir Path folder) {
    this.folder = folder;
    this.corpus = open();
    corpus.writeAndPublish("other.md", "Hotels cost at most 180 euros.");
    publish(1);
  }

  private TestCorpus open() {
    return new TestCorpus(
        folder,
        store -> {
          lagging = new LaggingStore(store);
          return lagging;
        });
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  private LaggingStore store() {
    return Objects.requireNonNull(lagging);
  }

  private void publish(int edition) {
    corpus.writeAndPublish(URI, text(edition));
  }

  private static String text(int edition) {
    return "The manual is edition %d.".formatted(edition);
  }

  private long liveVersion() {
    return document().version();
  }

  private LiveDocument document() {
    return corpus.state().documentAt(URI).orElseThrow();
  }

  private Retrieved retrieve(Duration timeout) {
    Deadline deadline = Deadline.after(Ticker.system(), timeout);
    return corpus.retriever().retrieve(TestCorpus.REF, QUESTION, 3, DocumentFilter.ALL, deadline);
  }

  private Retrieved retrieve() {
    return retrieve(Duration.ofSeconds(30));
  }

  private static List<String> editions(Retrieved found) {
    return found.passages().stream()
        .filter(passage -> passage.uri().equals(URI))
        .map(Passage::text)
        .toList();
  }

  @Test
  void copyWithoutTheNewVersionIsNotSearchedForIt() {
    publish(2);
    store().hide(liveVersion());
    assertFails(ErrorCode.STORE_UNAVAILABLE, () -> retrieve(Duration.ofMillis(200)));
    store().show(liveVersion());
    assertEquals(List.of(text(2)), editions(retrieve()));
  }

  @Test
  void everySearchMethodAvoidsALaggingCopy() {
    publish(2);
    store().hide(liveVersion());
    Retriever retriever = corpus.retriever();
    assertFails(
        ErrorCode.STORE_UNAVAILABLE,
        () -> retriever.search(TestCorpus.REF, QUESTION, 3, DocumentFilter.ALL, soon()));
    assertFails(
        ErrorCode.STORE_UNAVAILABLE,
        () -> retriever.retrieveCheaply(TestCorpus.REF, QUESTION, 3, DocumentFilter.ALL, soon()));
    for (Retriever.Mode mode : retriever.modes()) {
      assertFails(
          ErrorCode.STORE_UNAVAILABLE,
          () -> retriever.rankDocuments(TestCorpus.REF, QUESTION, 3, mode, soon()));
    }
  }

  private static Deadline soon() {
    return Deadline.after(Ticker.system(), Duration.ofMillis(200));
  }

  /** As when a replica was frozen for longer than the grace, or a purge happened in between. */
  @Test
  void searchWhoseChunksWereDeletedReadsTheNewerState() {
    AtomicInteger searches = new AtomicInteger();
    store()
        .beforeSearch(() -> {
          if (searches.incrementAndGet() == 1) {
            replaceAndDelete(2);
          }
        });
    Retrieved found = retrieve();
    assertEquals(List.of(text(2)), editions(found));
    assertEquals(corpus.state().epoch(), found.epoch());
    assertTrue(found.isCurrent());
  }

  @Test
  void searchDuringAReplacementMayUseTheOldVersion() {
    AtomicInteger searches = new AtomicInteger();
    store()
        .beforeSearch(() -> {
          if (searches.incrementAndGet() == 1) {
            publish(2);
          }
        });
    Retrieved found = retrieve();
    assertEquals(List.of(text(1)), editions(found));
    assertFalse(found.isCurrent(), "the result validates nothing");
  }

  @Test
  void searchFailsIfItsChunksAreDeletedRepeatedly() {
    AtomicInteger edition = new AtomicInteger(1);
    store().beforeSearch(() -> replaceAndDelete(edition.incrementAndGet()));
    assertFails(ErrorCode.STORE_UNAVAILABLE, this::retrieve, "retry the question");
  }

  private void replaceAndDelete(int edition) {
    long old = liveVersion();
    publish(edition);
    store().hide(old);
  }

  @Test
  void startingReplicaRemovesNoDocumentBecauseACopyLags() {
    long version = liveVersion();
    for (boolean areOthersAway : new boolean[] {false, true}) {
      corpus.close();
      corpus = open();
      store().hide(version);
      store().setOthersAway(areOthersAway);
      corpus.indexer().openCollection(TestCorpus.REF);
      assertEquals(version, liveVersion());
    }
  }

  @Test
  void documentMissingFromAllCopiesIsRemovedWhileTheServerRuns() {
    publish(2);
    store().hide(liveVersion());
    store().becomeOnlyCopy();
    corpus.advance(corpus.config().ingest().deletionGrace().plusSeconds(5));
    Await.until("it is removed", () -> corpus.state().documentAt(URI).isEmpty());
    assertEquals(List.of(), editions(retrieve()));
  }
}
