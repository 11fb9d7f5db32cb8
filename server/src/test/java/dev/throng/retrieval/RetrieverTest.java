package dev.throng.retrieval;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Metadata;
import dev.throng.core.Metadata.Text;
import dev.throng.core.Passage;
import dev.throng.fixtures.ManualTicker;
import dev.throng.fixtures.TestCorpus;
import dev.throng.retrieval.FilterField.BuiltIn;
import dev.throng.retrieval.Retriever.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetrieverTest {
  private final TestCorpus corpus;

  RetrieverTest(@TempDir Path folder) {
    corpus =
        new TestCorpus(
            folder,
            "retrieval.candidates",
            "10",
            "ingest.chunk_tokens",
            "32",
            "ingest.overlap_tokens",
            "0");
    corpus.write("travel/rail.md", "Travel by rail is second class.");
    corpus.write("travel/hotel.md", "Hotels cost at most 180 euros.");
    corpus.write("leave.md", "Leave is thirty days.");
    corpus.publish();
  }

  @AfterEach
  void close() {
    corpus.close();
  }

  private Retrieved search(String question, DocumentFilter filter) {
    return corpus.retriever().search(TestCorpus.REF, question, 10, filter, ManualTicker.far());
  }

  private static List<String> uris(Retrieved found) {
    return found.passages().stream().map(Passage::uri).toList();
  }

  @Test
  void bestPassageComesFirstWithItsLocation() {
    Retrieved found = search("second class rail", DocumentFilter.ALL);
    Passage best = found.passages().getFirst();
    assertEquals("travel/rail.md", best.uri());
    assertEquals(corpus.state().documentAt("travel/rail.md").orElseThrow().id(), best.documentId());
    assertEquals(best.text().length(), best.end() - best.start());
    assertTrue(found.isCurrent());
    assertEquals(corpus.state().epoch(), found.epoch());
    assertTrue(found.relevance().cosine() > 0.5);
    Retrieved forPrompt =
        corpus
            .retriever()
            .retrieve(
                TestCorpus.REF, "second class rail", 10, DocumentFilter.ALL, ManualTicker.far());
    assertTrue(forPrompt.relevance().wordEvidence() > 1, "three rare words");
  }

  @Test
  void filterLimitsTheResults() {
    assertEquals(
        Set.of("travel/rail.md", "travel/hotel.md"),
        Set.copyOf(
            uris(
                search(
                    "thirty days of leave",
                    new DocumentFilter(new Condition.Prefix(BuiltIn.URI, "travel/"))))));
    String id = corpus.state().documentAt("leave.md").orElseThrow().id();
    assertEquals(
        List.of("leave.md"),
        uris(search("rail", new DocumentFilter(Condition.equal(BuiltIn.DOCUMENT_ID, id)))));
    assertEquals(
        List.of(),
        uris(search("rail", new DocumentFilter(Condition.equal(BuiltIn.URI, "gone.md")))));
  }

  @Test
  void supersededDocumentsComeLast() {
    corpus.write("archive/leave.md", "Leave is twenty days.");
    corpus.write("leave-2019.md", "ARCHIVED.\n\nLeave is nineteen days, in 2019.");
    corpus.write(
        "leave-new.md",
        "Leave is forty days.",
        new Metadata(Map.of("supersedes", new Text("leave.md"))),
        null);
    corpus.write(
        "old/archived/rules.md",
        "Leave is booked days before.",
        new Metadata(Map.of("status", new Text("in force"))),
        null);
    corpus.publish();
    List<Passage> found = search("leave days", DocumentFilter.ALL).passages();
    assertEquals(
        List.of("archive/leave.md", "leave-2019.md", "leave.md"),
        found.stream().filter(Passage::isSuperseded).map(Passage::uri).sorted().toList());
    assertFalse(found.subList(0, 2).stream().anyMatch(Passage::isSuperseded));
    assertTrue(
        search("old leave days", DocumentFilter.ALL).passages().getFirst().isSuperseded(),
        "the question asks for the past");
  }

  @Test
  void publishDuringTheSearchIsDetected() {
    corpus
        .embedder()
        .beforeNextQuery(() -> corpus.writeAndPublish("leave.md", "Leave is forty days."));
    Retrieved found = search("leave days", DocumentFilter.ALL);
    assertFalse(found.isCurrent());
    assertEquals(1, found.epoch());
    assertTrue(
        found.passages().stream().anyMatch(passage -> passage.text().contains("thirty")),
        "as it was when the search started");
    Retrieved next = search("leave days", DocumentFilter.ALL);
    assertTrue(next.isCurrent());
    assertTrue(next.passages().stream().noneMatch(passage -> passage.text().contains("thirty")));
  }

  @Test
  void documentsAreRankedByTheirBestChunkRegardlessOfChunkCount() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      many.append("Rail rail rail number ").append(i).append(" of the long list of rails.\n\n");
    }
    corpus.writeAndPublish("long.md", many.toString());
    for (Mode mode : Mode.values()) {
      List<String> ranked =
          corpus
              .retriever()
              .rankDocuments(TestCorpus.REF, "rail travel class", 2, mode, ManualTicker.far());
      assertEquals(2, ranked.size(), mode + ": " + ranked);
      assertTrue(ranked.contains("long.md") && ranked.contains("travel/rail.md"), ranked::toString);
    }
  }

  @Test
  void queryOfStopWordsIsStillSearchedSemantically() {
    assertEquals(3, search("the of is", DocumentFilter.ALL).passages().size());
  }

  @Test
  void unknownCollectionAndPassedDeadlineAreReported() {
    assertFails(
        ErrorCode.UNKNOWN_COLLECTION,
        () ->
            corpus
                .retriever()
                .search(
                    new CollectionRef("other", "default"),
                    "rail",
                    1,
                    DocumentFilter.ALL,
                    ManualTicker.far()));
    Deadline passed = Deadline.after(new ManualTicker(), Duration.ZERO);
    assertFails(
        ErrorCode.DEADLINE_EXCEEDED,
        () -> corpus.retriever().search(TestCorpus.REF, "rail", 1, DocumentFilter.ALL, passed));
  }
}
