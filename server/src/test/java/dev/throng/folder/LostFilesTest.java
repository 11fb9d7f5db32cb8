package dev.throng.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Blob;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Metadata;
import dev.throng.fixtures.Await;
import dev.throng.fixtures.TestCorpus;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An index is derived from the catalogue and the originals: a lost index is built again. A lost
 * original costs one document.
 */
final class LostFilesTest {
  private static final String PARKING = "Parking is behind the gasworks.";
  private static final String CANTEEN = "The canteen opens at noon.";
  private static final String FOLDER_DOCUMENT = "Bicycles stand in the yard.";
  private static final String QUESTION = "parking canteen bicycles";

  @TempDir private Path folder = Path.of("");

  /** The damage that a disk, or a user, may do to the files of an index. */
  enum Harm {
    FOLDER_DELETED,
    SEGMENTS_FILE_CUT_OFF,
    DATA_FILE_CUT_OFF,
    DATA_FILE_DELETED,
    EVERY_FILE_ZEROED
  }

  private static void harm(Harm harm, List<Path> files) {
    switch (harm) {
      case FOLDER_DELETED -> files.forEach(LostFilesTest::delete);
      case SEGMENTS_FILE_CUT_OFF -> cut(named(files, "segments_"), 20);
      case DATA_FILE_CUT_OFF -> cut(named(files, ".cfs"), 100);
      case DATA_FILE_DELETED -> delete(named(files, ".cfs"));
      case EVERY_FILE_ZEROED -> files.forEach(LostFilesTest::zero);
    }
  }

  private static Path named(List<Path> files, String part) {
    return files.stream()
        .filter(file -> file.getFileName().toString().contains(part))
        .max(Comparator.comparingLong(file -> file.toFile().length()))
        .orElseThrow();
  }

  private static void delete(Path file) {
    assertTrue(file.toFile().delete());
  }

  private static void cut(Path file, long bytes) {
    change(file, open -> open.setLength(bytes));
  }

  private static void zero(Path file) {
    change(file, open -> open.write(new byte[(int) open.length()]));
  }

  /** Flips one bit of a stored text, which is packed in pieces; its words also occur elsewhere. */
  private static boolean flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String content = new String(bytes, StandardCharsets.ISO_8859_1);
    for (String piece : List.of("Parki", "g is ", "d the ", "works.")) {
      int at = content.indexOf(piece);
      if (at >= 0) {
        bytes[at] ^= 1;
        Files.write(file, bytes);
        return true;
      }
    }
    return false;
  }

  private interface Change {
    void apply(RandomAccessFile file) throws IOException;
  }

  private static void change(Path file, Change change) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      change.apply(open);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Path> indexFiles() {
    Path index = folder.resolve("index/default/default/1");
    try (Stream<Path> files = Files.list(index)) {
      return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private TestCorpus corpus() {
    return new TestCorpus(folder, "ingest.publish_interval", "0s");
  }

  /** Two documents that were uploaded, and one that was read from a folder. */
  private void fill(TestCorpus corpus) {
    JobRunner runner = corpus.newRunner();
    IngestQueue queue = corpus.newQueue(runner);
    runner.start();
    queue.enqueue(
        TestCorpus.REF, List.of(source(queue, "a", PARKING), source(queue, "b", CANTEEN)), null);
    Await.until("both documents", () -> corpus.state().byUri().size() == 2);
    corpus.writeAndPublish("c", FOLDER_DOCUMENT);
    runner.close();
  }

  private static DocumentSource source(IngestQueue queue, String uri, String text) {
    Blob blob = TestCorpus.keep(queue, uri, text);
    return new DocumentSource(uri, uri + ".txt", "Title of " + uri, Metadata.NONE, null, blob);
  }

  private static Set<String> found(TestCorpus corpus) {
    return corpus.search(QUESTION, 10).stream()
        .map(passage -> passage.title() + ": " + passage.text())
        .collect(Collectors.toSet());
  }

  private static void assertComesBack(TestCorpus corpus) {
    assertEquals(Set.of(), corpus.state().byUri().keySet(), "no document is reported as present");
    JobRunner runner = corpus.newRunner();
    runner.start();
    Await.until("both documents", () -> corpus.state().byUri().size() == 2);
    runner.close();
    assertEquals(Set.of("Title of a: " + PARKING, "Title of b: " + CANTEEN), found(corpus));
  }

  @ParameterizedTest
  @EnumSource
  void uploadedDocumentsComeBackAfterTheNextStart(Harm harm) {
    try (TestCorpus corpus = corpus()) {
      fill(corpus);
      assertEquals(3, found(corpus).size());
    }
    harm(harm, indexFiles());
    try (TestCorpus corpus = corpus()) {
      corpus.indexer().openCollection(TestCorpus.REF);
      assertComesBack(corpus);
    }
    try (TestCorpus corpus = corpus()) {
      corpus.indexer().openCollection(TestCorpus.REF);
      assertEquals(2, found(corpus).size(), "and they stay");
    }
  }

  @Test
  void flippedBitIsDetectedWhileTheServerRuns() throws IOException {
    try (TestCorpus corpus = corpus()) {
      fill(corpus);
    }
    boolean isFlipped = false;
    for (Path file : indexFiles()) {
      isFlipped |= flip(file);
    }
    assertTrue(isFlipped);
    try (TestCorpus corpus = corpus()) {
      corpus.indexer().openCollection(TestCorpus.REF);
      assertFalse(found(corpus).contains("Title of a: " + PARKING), "the damage is not known yet");
      Await.until("the damage to be found", () -> corpus.state().byUri().isEmpty());
      assertComesBack(corpus);
      assertTrue(Files.isDirectory(folder.resolve("index/default/default/1.damaged")));
      var _ = corpus.index().expunge();
      assertFalse(Files.exists(folder.resolve("index/default/default/1.damaged")));
    }
  }

  @Test
  void lostOriginalDelaysNoOtherDocument() throws IOException {
    try (TestCorpus corpus = corpus()) {
      JobRunner runner = corpus.newRunner();
      IngestQueue queue = corpus.newQueue(runner);
      DocumentSource lost = source(queue, "a", PARKING);
      DocumentSource kept = source(queue, "b", CANTEEN);
      Job job = queue.enqueue(TestCorpus.REF, List.of(lost, kept), null).getFirst();
      Files.delete(folder.resolve("originals").resolve(lost.blob().key()));
      runner.start();
      Await.until("the other document", () -> corpus.state().byUri().size() == 1);
      Await.until(
          "the job to fail", () -> queue.job("default", job.id()).state() == JobState.FAILED);
      assertEquals("original_missing", queue.job("default", job.id()).code());
      runner.close();
    }
  }

  /** As without the loss: an edition that cannot be read leaves the previous one in place. */
  @Test
  void lostDocumentIsRestoredWhenItsNewerEditionFails() {
    try (TestCorpus corpus = corpus()) {
      fill(corpus);
      JobRunner closed = corpus.newRunner();
      IngestQueue queue = corpus.newQueue(closed);
      queue.enqueue(TestCorpus.REF, List.of(source(queue, "a", "\0\1\2")), null);
      queue.enqueue(TestCorpus.REF, List.of(source(queue, "b", "Coffee is free.")), null);
    }
    harm(Harm.FOLDER_DELETED, indexFiles());
    try (TestCorpus corpus = corpus()) {
      corpus.indexer().openCollection(TestCorpus.REF);
      JobRunner runner = corpus.newRunner();
      runner.start();
      Await.until("all jobs", () -> corpus.catalog().jobs().open().count() == 0);
      runner.close();
      assertEquals(Set.of("Title of a: " + PARKING, "Title of b: Coffee is free."), found(corpus));
    }
  }

  /** Otherwise the cleanup would delete, with the finished job, what the new job needs. */
  @Test
  void originalsAreKeptForTheirSecondJob() {
    try (TestCorpus corpus = corpus()) {
      fill(corpus);
      Set<Long> versions =
          corpus.state().byUri().values().stream()
              .map(LiveDocument::version)
              .collect(Collectors.toSet());
      corpus.catalog().requeueLost(TestCorpus.REF, versions);
      corpus.advance(Duration.ofMinutes(10));
      corpus.publish();
      assertEquals(Set.of(), corpus.state().dead().keySet(), "the versions are forgotten");
      assertEquals(Set.of(), corpus.catalog().jobs().originals().spent());
    }
  }
}
