package dev.throng.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.backend.Embedder;
import dev.throng.backend.onnx.OnnxModel;
import dev.throng.core.Chunk;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.LoadedModel;
import dev.throng.parser.api.ParsedBlock;
import dev.throng.parser.client.DocumentParser;
import dev.throng.parser.client.MemoryDocument;
import dev.throng.parser.client.ParsedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Cutting documents into chunks, with the tokenizer of the index. */
@TestInstance(Lifecycle.PER_CLASS)
final class ChunkerTest {
  private static final int RANDOM_DOCUMENTS = 150;

  private final Embedder embedder = LoadedModel.of(OnnxModel.BGE_SMALL, 0);
  @TempDir private Path folder = Path.of("");

  private final DocumentParser parser = parser();

  private static DocumentParser parser() {
    try {
      return new DocumentParser(
          Configs.with().ingest().parser(), Files.createTempDirectory("throng-chunker-test"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  void close() {
    parser.close();
    embedder.close();
  }

  private MemoryDocument markdown(String text) {
    try (ParsedDocument document =
        parser.parse(Files.writeString(folder.resolve("document.md"), text), "document.md")) {
      return MemoryDocument.copyOf(document);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Chunk> chunks(ParsedDocument document, int tokens, int overlap) {
    List<Chunk> chunks = new ArrayList<>();
    ChunkReader reader =
        new Chunker(
                embedder,
                Configs.with(
                        "ingest.chunk_tokens", Integer.toString(tokens),
                        "ingest.overlap_tokens", Integer.toString(overlap))
                    .ingest())
            .chunk(document, "doc", 7);
    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  private int tokens(String text) {
    return embedder.tokenSpans(text).count();
  }

  @Test
  void shortDocumentIsOneChunk() {
    MemoryDocument document = markdown("# Leave\n\nThirty days.\n\n## Carry over\n\nFive days.");
    List<Chunk> chunks = chunks(document, 320, 40);
    assertEquals(1, chunks.size());
    assertEquals(document.text(), chunks.getFirst().text());
    assertEquals("", chunks.getFirst().headings());
    assertEquals(7, chunks.getFirst().version());
  }

  @Test
  void chunkContainsTheHeadingsAboveIt() {
    String filler = "Words that fill the section up to its end. ".repeat(8);
    List<Chunk> chunks =
        chunks(
            markdown(
                "# Handbook\n\n"
                    + filler
                    + "\n\n## Travel\n\n"
                    + filler
                    + "\n\n### Rail\n\n"
                    + filler
                    + "\n\n## Leave\n\n"
                    + filler),
            100,
            0);
    List<String> headings = chunks.stream().map(Chunk::headings).toList();
    assertTrue(headings.contains("Handbook > Travel"), headings::toString);
    Chunk leave =
        chunks.stream().filter(chunk -> chunk.text().startsWith("Leave")).findFirst().orElseThrow();
    assertEquals("Handbook", leave.headings(), "no longer under Travel");
    assertTrue(chunks.stream().noneMatch(chunk -> chunk.text().endsWith("\n\nRail")));
  }

  @Test
  void tableThatFitsStaysWhole() {
    String filler = "Words before the table that take some of the room. ".repeat(6);
    String table = "| city | limit |\n|---|---|\n" + "| Paris | 180 |\n".repeat(6);
    List<Chunk> chunks = chunks(markdown(filler + "\n\n" + table), 120, 20);
    assertEquals(
        1,
        chunks.stream().filter(chunk -> chunk.text().contains("| Paris")).count(),
        chunks::toString);
  }

  @Test
  void cutTableRepeatsItsHeader() {
    StringBuilder table = new StringBuilder("# Rates\n\n| city | limit |\n|---|---|\n");
    for (int i = 0; i < 60; i++) {
      table.append("| town ").append(i).append(" | ").append(i).append(" EUR |\n");
    }
    List<Chunk> chunks = chunks(markdown(table.toString()), 100, 20);
    assertTrue(chunks.size() > 3);
    for (Chunk chunk : chunks.subList(1, chunks.size())) {
      assertEquals("Rates > | city | limit |", chunk.headings());
    }
  }

  @Test
  void cutSectionRepeatsItsLastSentences() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      text.append("Sentence number ").append(i).append(" says what it has to say. ");
    }
    List<Chunk> chunks = chunks(markdown(text.toString()), 100, 30);
    for (int i = 1; i < chunks.size(); i++) {
      int repeated = chunks.get(i - 1).end() - chunks.get(i).start();
      assertTrue(repeated > 0, "chunk " + i + " repeats text");
      assertTrue(
          tokens(chunks.get(i).text().substring(0, repeated)) <= 30, "but not too much of it");
    }
  }

  @Test
  void pagesAreKept() {
    MemoryDocument document =
        new MemoryDocument(
            null, List.of(new ParsedBlock(ParsedBlock.Kind.PARAGRAPH, 0, 4, "one. two.")));
    assertEquals(4, chunks(document, 100, 0).getFirst().spans().getFirst().page());
  }

  /** For every document: chunks quote it exactly, fit the model, and lose nothing. */
  @Test
  void randomDocumentsAreCoveredByChunksThatFit() {
    for (long seed = 0; seed < RANDOM_DOCUMENTS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MemoryDocument document = markdown(new RandomDocument(random).markdown());
      int limit = random.nextInt(32, 200);
      int overlap = random.nextInt(0, limit / 2);
      check(document, chunks(document, limit, overlap), limit, "seed " + seed);
    }
  }

  private void check(MemoryDocument document, List<Chunk> chunks, int limit, String seed) {
    String text = document.text();
    BitSet covered = new BitSet();
    int lastStart = -1;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      assertEquals(i, chunk.ordinal(), seed);
      assertEquals(text.substring(chunk.start(), chunk.end()), chunk.text(), seed);
      assertTrue(chunk.start() > lastStart, seed + ": chunks advance");
      int tokens = tokens(chunk.searchText());
      assertTrue(
          tokens <= limit,
          () -> "%s: %d tokens of %d in: %s".formatted(seed, tokens, limit, chunk.searchText()));
      lastStart = chunk.start();
      covered.set(chunk.start(), chunk.end());
    }
    for (int i = 0; i < text.length(); i++) {
      boolean isBlank = Character.isWhitespace(text.charAt(i));
      assertTrue(isBlank || covered.get(i), seed + ": lost at " + i);
    }
  }
}
