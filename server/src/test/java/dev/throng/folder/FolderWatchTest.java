package dev.throng.folder;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Origin;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.TestCorpus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A collection that follows a real folder, with the operating system's file events. */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class FolderWatchTest {
  @TempDir private Path folder = Path.of("");
  private Path docs;
  private TestCorpus corpus;
  private FolderWatch watch;

  @BeforeEach
  void open() throws Exception {
    docs = Files.createDirectories(folder.resolve("docs"));
    Files.createDirectories(docs.resolve("travel"));
    Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty days of leave.");
    Files.writeString(docs.resolve("travel/rail.txt"), "Travel by rail is second class.");
    corpus =
        new TestCorpus(
            Files.createDirectories(folder.resolve("data")),
            "ingest.watch_debounce",
            "50ms",
            "ingest.watch_rescan",
            "1h");
    follow(corpus);
  }

  private void follow(TestCorpus with) throws InterruptedException {
    watch =
        new FolderWatch(
            new FolderSync(with.indexer()),
            with.catalog().leases(),
            TestCorpus.REF,
            docs,
            with.config().ingest(),
            folder.resolve("followed"),
            InstantSource.system());
    watch.first(progress -> {});
    watch.start();
  }

  @AfterEach
  void close() {
    watch.close();
    corpus.close();
  }

  private Set<String> uris() {
    return corpus.state().byUri().keySet();
  }

  private void awaitUris(String... uris) {
    Await.until("documents are " + List.of(uris), () -> uris().equals(Set.of(uris)));
  }

  private void awaitFound(String question, String text) {
    Await.until(
        text,
        () ->
            corpus.search(question, 1).stream().anyMatch(passage -> passage.text().contains(text)));
  }

  private void deleteTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  @Test
  void addedEditedAndDeletedFilesAreFollowed() throws IOException {
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
    Files.writeString(docs.resolve("new.md"), "A new bicycle may be leased.");
    awaitUris("leave.md", "travel/rail.txt", "new.md");
    Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty-one days of leave.");
    awaitFound("days of leave", "Thirty-one");
    Files.delete(docs.resolve("leave.md"));
    awaitUris("travel/rail.txt", "new.md");
    assertEquals(0, watch.failures());
  }

  @Test
  void renamedFilesAndFoldersAreNotEmbeddedAgain() throws IOException {
    int embedded = corpus.documentsEmbedded();
    Files.move(docs.resolve("leave.md"), docs.resolve("holidays.md"));
    awaitUris("holidays.md", "travel/rail.txt");
    Files.move(docs.resolve("travel"), docs.resolve("trips"));
    awaitUris("holidays.md", "trips/rail.txt");
    assertEquals(embedded, corpus.documentsEmbedded());
    Files.writeString(docs.resolve("trips/ship.txt"), "By ship, too.");
    awaitUris("holidays.md", "trips/rail.txt", "trips/ship.txt");
  }

  @Test
  void fileRenamedRightAfterItIsWrittenNeverDisappears() throws IOException {
    Path note = Files.writeString(docs.resolve("note.md"), "The canteen opens at noon.");
    awaitUris("leave.md", "travel/rail.txt", "note.md");
    int embedded = corpus.documentsEmbedded();
    Instant soon = Instant.now().plusMillis(300);
    Files.setLastModifiedTime(note, FileTime.from(Instant.now()));
    Files.move(note, docs.resolve("canteen.md"));
    while (Instant.now().isBefore(soon)) {
      assertEquals(1, corpus.search("when does the canteen open", 1).size());
      assertTrue(uris().contains("note.md") || uris().contains("canteen.md"), uris()::toString);
    }
    awaitUris("leave.md", "travel/rail.txt", "canteen.md");
    assertEquals(embedded, corpus.documentsEmbedded());
  }

  /** As when it was unmounted while the server ran. */
  @Test
  void folderMissingAtTheStartKeepsItsDocuments() throws Exception {
    watch.close();
    Files.move(docs, folder.resolve("away"));
    Files.createDirectories(docs);
    follow(corpus);
    assertEquals(1, watch.failures());
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
    watch.close();
    Files.delete(docs);
    Files.move(folder.resolve("away"), docs);
    deleteTree(docs.resolve("travel"));
    Files.delete(docs.resolve("leave.md"));
    follow(corpus);
    awaitUris(); // the same folder, which is really empty now
  }

  @Test
  void newAndDeletedFoldersAreFollowed() throws IOException {
    Path deep = Files.createDirectories(docs.resolve("a/b/c"));
    Files.writeString(deep.resolve("one.md"), "The first one.");
    awaitUris("leave.md", "travel/rail.txt", "a/b/c/one.md");
    Files.writeString(deep.resolve("two.md"), "The second one.");
    awaitUris("leave.md", "travel/rail.txt", "a/b/c/one.md", "a/b/c/two.md");
    deleteTree(docs.resolve("a"));
    awaitUris("leave.md", "travel/rail.txt");
  }

  @Test
  void burstOfFilesNeedsFewPublishes() throws IOException {
    long publishes = corpus.state().epoch();
    for (int i = 0; i < 200; i++) {
      Files.writeString(docs.resolve("many%d.md".formatted(i)), "Number %d of many.".formatted(i));
    }
    Await.until("all are there", () -> uris().size() == 202);
    assertTrue(corpus.state().epoch() - publishes < 20, "the corpus's clock is frozen");
  }

  @Test
  void uploadedDocumentsStay() throws IOException {
    corpus.writeAndPublish("sent.md", "Sent by a client.");
    corpus.writeAndPublish("leave.md", "Sent by a client, over the file.");
    Files.delete(docs.resolve("travel/rail.txt"));
    awaitUris("leave.md", "sent.md");
    assertEquals(Origin.SENT, corpus.state().documentAt("leave.md").orElseThrow().origin());
    Files.writeString(docs.resolve("leave.md"), "The last change wins.");
    Await.until(
        "the file wins",
        () -> corpus.state().documentAt("leave.md").orElseThrow().origin() == Origin.MIRRORED);
    Files.delete(docs.resolve("leave.md"));
    awaitUris("sent.md");
  }

  @Test
  void unfollowedLinksAndFilesWithoutTextAreReportedOnce() throws IOException {
    Files.writeString(folder.resolve("secret.md"), "Not for everybody.");
    Files.createSymbolicLink(docs.resolve("out.md"), folder.resolve("secret.md"));
    Files.createSymbolicLink(docs.resolve("travel/loop"), docs);
    Files.createSymbolicLink(docs.resolve("nothing.md"), docs.resolve("not-there.md"));
    Files.writeString(docs.resolve("blank.md"), "  ");
    Await.until("all four are reported", () -> watch.failures() == 4);
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
    Files.delete(docs.resolve("travel/loop"));
    Files.delete(docs.resolve("out.md"));
    Files.writeString(docs.resolve("blank.md"), "Not blank any more.");
    awaitUris("leave.md", "travel/rail.txt", "blank.md");
    Await.until("one is left", () -> watch.failures() == 1);
  }

  @Test
  void vanishedFolderKeepsItsDocumentsAndIsFollowedOnItsReturn() throws Exception {
    watch.close();
    corpus.close();
    corpus =
        new TestCorpus(
            folder.resolve("data"),
            "ingest.watch_debounce",
            "50ms",
            "ingest.watch_rescan",
            "100ms");
    follow(corpus);
    Files.move(docs, folder.resolve("elsewhere"));
    Await.until("its absence is reported", () -> watch.failures() == 1);
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
    Path mountPoint = Files.createDirectories(docs);
    Await.until("an empty folder is in its place", () -> watch.failures() == 1);
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
    Files.delete(mountPoint);
    Files.move(folder.resolve("elsewhere"), docs);
    Await.until("the folder is back", () -> watch.failures() == 0);
    Files.writeString(docs.resolve("travel/ship.txt"), "By ship, too.");
    awaitUris("leave.md", "travel/rail.txt", "travel/ship.txt");
  }

  private SyncReport look(FileMemory memory, Duration rest, boolean mayContinue) {
    Following following = new Following(memory, rest, (found, key) -> {}, () -> mayContinue);
    return new FolderSync(corpus.indexer())
        .follow(TestCorpus.REF, docs, following, Instant.now(), progress -> {});
  }

  @Test
  void fileBeingWrittenIsLeftForTheNextScan() throws IOException {
    watch.close();
    Files.writeString(docs.resolve("half.md"), "The first half");
    SyncReport report = look(new FileMemory(), Duration.ofHours(1), true);
    assertEquals(3, report.unsettled());
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris(), "existing documents stay");
    assertEquals(1, look(new FileMemory(), Duration.ZERO, true).added());
  }

  @Test
  void unchangedFileIsNotReadAgain() throws IOException {
    watch.close();
    Path file = docs.resolve("old.md");
    FileTime time = FileTime.from(Instant.parse("2024-02-29T10:00:00Z"));
    Files.writeString(file, "Thirty days.");
    Files.setLastModifiedTime(file, time);
    FileMemory memory = new FileMemory();
    assertEquals(1, look(memory, Duration.ZERO, true).added());
    Files.writeString(file, "Forty days..");
    Files.setLastModifiedTime(file, time); // only reading it reveals the change
    assertEquals(0, look(memory, Duration.ZERO, true).changed());
    assertEquals(1, look(new FileMemory(), Duration.ZERO, true).changed());
  }

  @Test
  void replicaThatLosesTheLeaseStopsBeforeTheNextFileAndRemovesNothing() throws IOException {
    watch.close();
    Files.writeString(docs.resolve("new.md"), "A new one.");
    Files.delete(docs.resolve("leave.md"));
    assertThrows(SyncStopped.class, () -> look(new FileMemory(), Duration.ZERO, false));
    assertEquals(Set.of("leave.md", "travel/rail.txt"), uris());
  }

  @Test
  void documentsOnceIngestedFromTheFolderFollowIt() throws IOException {
    watch.close();
    Files.writeString(docs.resolve("new.md"), "A new one.");
    new FolderSync(corpus.indexer())
        .sync(TestCorpus.REF, List.of(docs.resolve("new.md")), false, progress -> {});
    int embedded = corpus.documentsEmbedded();
    assertEquals(Origin.READ, corpus.state().documentAt("new.md").orElseThrow().origin());
    assertEquals(1, look(new FileMemory(), Duration.ZERO, true).changed());
    assertEquals(Origin.MIRRORED, corpus.state().documentAt("new.md").orElseThrow().origin());
    assertEquals(embedded, corpus.documentsEmbedded());
  }

  @Test
  void manyFailuresForTheSameReasonEndTheScan() throws IOException {
    watch.close();
    IntStream.range(0, 50)
        .forEach(i -> {
          try {
            Files.writeString(docs.resolve("many%d.md".formatted(i)), "Number %d.".formatted(i));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Following failing =
        new Following(
            new FileMemory(),
            Duration.ZERO,
            (found, key) -> {},
            () -> {
              throw new ThrongException(ErrorCode.CATALOG_UNAVAILABLE, "it does not respond");
            });
    assertFails(
        ErrorCode.CATALOG_UNAVAILABLE,
        () ->
            new FolderSync(corpus.indexer())
                .follow(TestCorpus.REF, docs, failing, Instant.now(), progress -> {}));
    assertEquals(50, look(new FileMemory(), Duration.ZERO, true).added());
  }
}
