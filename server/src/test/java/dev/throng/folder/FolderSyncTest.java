package dev.throng.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Origin;
import dev.throng.core.ErrorCode;
import dev.throng.core.Metadata;
import dev.throng.core.Passage;
import dev.throng.fixtures.TestCorpus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set in @BeforeEach
final class FolderSyncTest {
  private static final long SPARSE_BYTES = 3L << 30;

  @TempDir private Path docs = Path.of("");
  @TempDir private Path data = Path.of("");
  private TestCorpus corpus;

  @BeforeEach
  void open() throws IOException {
    corpus = new TestCorpus(data);
    Files.createDirectories(docs.resolve("travel"));
    Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty days of leave.");
    Files.writeString(docs.resolve("travel/rail.txt"), "Travel by rail is second class.");
    Files.writeString(docs.resolve("travel/copy.txt"), "Travel by rail is second class.");
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  private SyncReport sync(Path... roots) {
    List<Path> all = roots.length == 0 ? List.of(docs) : List.of(roots);
    return new FolderSync(corpus.indexer()).sync(TestCorpus.REF, all, true, progress -> {});
  }

  private Set<String> uris() {
    return corpus.state().byUri().keySet();
  }

  private static void assertReport(
      SyncReport report, int added, int changed, int same, int removed) {
    assertEquals(
        List.of(added, changed, same, removed),
        List.of(report.added(), report.changed(), report.unchanged(), report.removed()),
        report::toString);
  }

  @Test
  void secondRunRepeatsNoWork() {
    assertReport(sync(), 3, 0, 0, 0);
    int embedded = corpus.documentsEmbedded();
    long epoch = corpus.state().epoch();
    assertReport(sync(), 0, 0, 3, 0);
    assertEquals(embedded, corpus.documentsEmbedded());
    assertEquals(epoch, corpus.state().epoch());
  }

  @Test
  void secondRunAfterARestartRepeatsNoWork() {
    assertReport(sync(), 3, 0, 0, 0);
    corpus.close();
    corpus = new TestCorpus(data);
    assertReport(sync(), 0, 0, 3, 0);
    assertEquals(0, corpus.documentsEmbedded());
  }

  @Test
  void modificationTimeComesFromTheFileAndGivenMetadataStays() throws IOException {
    Instant changed = Instant.parse("2024-02-29T10:00:00.123Z");
    Files.setLastModifiedTime(docs.resolve("leave.md"), FileTime.from(changed));
    sync();
    assertEquals(changed, corpus.state().documentAt("leave.md").orElseThrow().modifiedAt());
    Metadata given = new Metadata(Map.of("department", new Metadata.Text("hr")));
    corpus.write("leave.md", "Thirty days.", given, Instant.EPOCH);
    corpus.publish();
    assertReport(sync(), 0, 1, 2, 0);
    LiveDocument read = corpus.state().documentAt("leave.md").orElseThrow();
    assertEquals(given, read.metadata());
    assertEquals(changed, read.modifiedAt());
  }

  @Test
  void editsRenamesAndDeletionsAreFollowed() throws IOException {
    assertReport(sync(), 3, 0, 0, 0);
    Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty-one days of leave.");
    Files.move(docs.resolve("travel/rail.txt"), docs.resolve("travel/trains.txt"));
    int embedded = corpus.documentsEmbedded();
    assertReport(sync(), 1, 1, 1, 1);
    assertEquals(Set.of("leave.md", "travel/trains.txt", "travel/copy.txt"), uris());
    assertEquals(embedded + 1, corpus.documentsEmbedded(), "the renamed one is not embedded again");
    Files.delete(docs.resolve("leave.md"));
    assertReport(sync(), 0, 0, 2, 1);
    assertEquals(
        Set.of("travel/trains.txt", "travel/copy.txt"),
        Set.copyOf(corpus.search("days of leave rail", 10).stream().map(Passage::uri).toList()));
  }

  @Test
  void renameKeepsTitlesThatTheDocumentContains() throws IOException {
    sync();
    Files.move(docs.resolve("leave.md"), docs.resolve("holidays.md"));
    Files.move(docs.resolve("travel/rail.txt"), docs.resolve("travel/trains.txt"));
    sync();
    assertEquals("Leave", corpus.state().documentAt("holidays.md").orElseThrow().title());
    assertEquals(
        "trains.txt", corpus.state().documentAt("travel/trains.txt").orElseThrow().title());
  }

  @Test
  void equalContentAtTwoUrisIsTwoDocuments() {
    sync();
    List<Passage> found = corpus.search("travel by rail", 2);
    assertEquals(
        Set.of("travel/rail.txt", "travel/copy.txt"),
        Set.copyOf(found.stream().map(Passage::uri).toList()));
    assertEquals(found.get(0).text(), found.get(1).text());
  }

  @Test
  void unreadableDocumentIsReportedAndOthersContinue() throws IOException {
    Files.writeString(docs.resolve("blank.txt"), "   ");
    SyncReport report = sync();
    assertReport(report, 3, 0, 0, 0);
    assertEquals(1, report.failures().size());
    FileFailure failure = report.failures().getFirst();
    assertEquals("blank.txt", failure.uri());
    assertEquals(ErrorCode.DOCUMENT_EMPTY, failure.code());
  }

  @Test
  void documentThatBecomesUnreadableKeepsItsPreviousVersion() throws IOException {
    sync();
    Files.writeString(docs.resolve("leave.md"), " \n ");
    SyncReport report = sync();
    assertReport(report, 0, 0, 2, 0);
    assertTrue(corpus.search("thirty days", 1).getFirst().text().contains("Thirty days"));
  }

  @Test
  void hugeFileIsRefusedWithoutReadingIt() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(docs.resolve("huge.txt").toFile(), "rw")) {
      file.setLength(SPARSE_BYTES);
    }
    SyncReport report = sync();
    assertEquals(ErrorCode.DOCUMENT_TOO_LARGE, report.failures().getFirst().code());
    assertReport(report, 3, 0, 0, 0);
  }

  @Test
  void hiddenFilesAndOtherFormatsAreSkipped() throws IOException {
    Files.writeString(docs.resolve(".hidden.md"), "hidden");
    Files.createDirectories(docs.resolve(".git"));
    Files.writeString(docs.resolve(".git/readme.md"), "hidden, too");
    Files.writeString(docs.resolve("program.exe"), "no document");
    SyncReport report = sync();
    assertReport(report, 3, 0, 0, 0);
    assertEquals(List.of(), report.failures());
    assertEquals(1, report.skipped());
  }

  @Test
  void linksAreFollowedOnlyWithinTheFolder() throws IOException {
    Files.writeString(data.resolve("secret.md"), "Not for everybody.");
    Files.createDirectories(docs.resolve("..version1"));
    Files.writeString(docs.resolve("..version1/mounted.md"), "As Kubernetes mounts files.");
    link("..data", docs.resolve("..version1"));
    link("mounted.md", Path.of("..data/mounted.md"));
    link("travel/loop", docs);
    link("again", docs.resolve("travel"));
    link("once-more", docs.resolve("travel"));
    link("out.md", data.resolve("secret.md"));
    link("nothing.md", docs.resolve("not-there.md"));
    SyncReport report = sync();
    assertEquals(
        Set.of(
            "leave.md",
            "travel/rail.txt",
            "travel/copy.txt",
            "again/rail.txt",
            "again/copy.txt",
            "mounted.md"),
        uris());
    assertEquals(
        Set.of(
            "travel/loop link_loop",
            "again/loop link_loop",
            "once-more link_loop",
            "out.md link_out_of_folder",
            "nothing.md document_unreadable"),
        report.failures().stream()
            .map(failure -> failure.uri() + " " + failure.code().code())
            .collect(Collectors.toSet()));
  }

  private void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(docs.resolve(name), target);
  }

  @Test
  void uploadedDocumentsStayAndFilesOfTheFolderAreRemoved() throws IOException {
    sync();
    corpus.writeAndPublish("sent.md", "Sent by a client.");
    Files.delete(docs.resolve("leave.md"));
    assertReport(sync(), 0, 0, 2, 1);
    assertEquals(Set.of("sent.md", "travel/rail.txt", "travel/copy.txt"), uris());
    assertEquals(Origin.SENT, corpus.state().documentAt("sent.md").orElseThrow().origin());
    assertEquals(Origin.READ, corpus.state().documentAt("travel/rail.txt").orElseThrow().origin());
  }

  /** The identities of two folders are not compared with each other. */
  @Test
  void emptySecondFolderDoesNotPreventRemoval() throws IOException {
    sync();
    Files.delete(docs.resolve("leave.md"));
    Path empty = Files.createDirectory(data.resolve("empty"));
    SyncReport report = sync(docs, empty);
    assertEquals(List.of(), report.failures());
    assertReport(report, 0, 0, 2, 1);
  }

  @Test
  void linkAsRootIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(data.resolve("link"), docs);
    assertReport(sync(link), 3, 0, 0, 0);
    assertReport(sync(docs), 0, 0, 3, 0);
  }

  @Test
  void missingRootIsReportedAndLosesNothing() {
    sync();
    SyncReport report = sync(data.resolve("not-mounted"));
    assertReport(report, 0, 0, 0, 0);
    assertEquals(ErrorCode.DOCUMENT_UNREADABLE, report.failures().getFirst().code());
    assertEquals(3, uris().size());
  }

  @Test
  void fileAsRootGetsItsNameAsUri() {
    assertReport(sync(docs.resolve("travel/rail.txt")), 1, 0, 0, 0);
    assertEquals(Set.of("rail.txt"), uris());
  }

  @Test
  void progressCountsEveryFileOnce() {
    List<SyncProgress> seen = new ArrayList<>();
    new FolderSync(corpus.indexer()).sync(TestCorpus.REF, List.of(docs), false, seen::add);
    assertEquals(List.of(1, 2, 3), seen.stream().map(SyncProgress::done).toList());
    assertTrue(seen.stream().allMatch(progress -> progress.total() == 3));
  }
}
