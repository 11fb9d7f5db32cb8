package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentIds;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.index.CollectionWriter.Draft;
import dev.throng.parser.client.DocumentParser;
import dev.throng.parser.client.ParsedDocument;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one document: parse, chunk, embed, write; the next publish shows it. Memory is
 * bounded whatever the document, and a failure at any step leaves nothing of it.
 */
public final class Pipeline {
  /** Chunks embedded and written at once. */
  private static final int BATCH_CHUNKS = 64;

  /** Of all warnings about a document together. */
  private static final int MAX_WARNING_CHARS = 2_000;

  private static final Duration BATCH_TIMEOUT = Duration.ofMinutes(10);

  /** Embeddings of a longer version are made again instead of being held in memory. */
  private static final int MAX_REUSED_CHUNKS = 20_000;

  private final Catalog catalog;
  private final Embedder embedder;
  private final Chunker chunker;
  private final DocumentParser parser;
  private final Path spoolFolder;

  Pipeline(
      Catalog catalog,
      Embedder embedder,
      Chunker chunker,
      DocumentParser parser,
      Path spoolFolder) {
    this.catalog = catalog;
    this.embedder = embedder;
    this.chunker = chunker;
    this.parser = parser;
    this.spoolFolder = spoolFolder;
  }

  /**
   * What tells two contents of a document apart: of the bytes, of their format, and of the way they
   * are parsed and chunked.
   *
   * @param content SHA-256 of the bytes
   * @param name whose ending says the format
   */
  public Hash contentHash(Hash content, String name) {
    return new Hash.Builder().add(id()).add(DocumentParser.formatOf(name)).add(content).build();
  }

  /** Names the way from a document's bytes to its chunks and their embeddings. */
  public String id() {
    return "parser-%d/%s".formatted(DocumentParser.VERSION, chunker.id());
  }

  /**
   * Takes a document in.
   *
   * @param index where {@code writer} writes
   * @return how many chunks it has
   */
  int run(IngestTask task, CollectionState state, CollectionWriter writer, ChunkIndex index) {
    Optional<LiveDocument> twin = twin(task, state);
    if (twin.isPresent()) {
      List<EmbeddedChunk> chunks = index.chunksOf(twin.get().version());
      if (chunks.size() == twin.get().chunkCount()) { // else it was deleted meanwhile
        return copy(task, twin.get(), chunks, writer);
      }
    }
    task.progress().accept(JobProgress.of(JobState.PARSING));
    try (ParsedDocument parsed = parser.parse(task.file(), task.source().name())) {
      if (!parsed.warnings().isEmpty()) {
        String words = String.join("; ", parsed.warnings());
        task.warnings().accept(words.substring(0, Math.min(MAX_WARNING_CHARS, words.length())));
      }
      return run(task, parsed, state, writer, index);
    }
  }

  /** As {@link #run(IngestTask, CollectionState, CollectionWriter, ChunkIndex)}, parsed already. */
  int run(
      IngestTask task,
      ParsedDocument parsed,
      CollectionState state,
      CollectionWriter writer,
      ChunkIndex index) {
    String title = title(task, parsed.title());
    task.progress().accept(JobProgress.of(JobState.CHUNKING));
    try (ChunkSpool chunks = cut(parsed)) {
      if (chunks.size() == 0) {
        throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, task.uri() + ": no text in it");
      }
      return write(task, title, chunks, parsed.pages(), known(state, task, index), writer);
    }
  }

  private int write(
      IngestTask task,
      String title,
      ChunkSpool chunks,
      int pages,
      Map<String, Embedding> known,
      CollectionWriter writer) {
    return drafted(
        task,
        title,
        pages,
        writer,
        (draft, documentId) -> {
          report(task, JobState.EMBEDDING, pages, 0, chunks.size());
          return embedAll(
              chunks,
              documentId,
              draft.version(),
              known,
              (batch, done) -> {
                writer.write(draft, batch);
                report(task, JobState.EMBEDDING, pages, done, chunks.size());
              });
        });
  }

  /** Takes the chunks of a version, in their order. */
  public interface Batches {
    /**
     * @param done how many there have been with these
     */
    void take(List<EmbeddedChunk> batch, int done);
  }

  private int embedAll(
      ChunkSpool chunks,
      String documentId,
      long version,
      Map<String, Embedding> known,
      Batches batches) {
    int done = 0;
    while (done < chunks.size()) {
      List<Chunk> batch = chunks.next(done, BATCH_CHUNKS, documentId, version);
      done += batch.size();
      batches.take(embed(batch, known), done);
    }
    return done;
  }

  /**
   * Makes the chunks of a version that is published already once more, for another index.
   *
   * @param file its bytes
   * @param name whose ending says the format
   * @param known embeddings by the text that they stand for, none when another embedder made them
   * @return how many there are
   * @throws ThrongException a document's own code, or why it cannot be done now
   */
  public int rebuild(
      LiveDocument document,
      Path file,
      String name,
      Map<String, Embedding> known,
      Batches batches) {
    try (ParsedDocument parsed = parser.parse(file, name);
        ChunkSpool chunks = cut(parsed)) {
      if (chunks.size() == 0) {
        throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, document.uri() + ": no text in it");
      }
      return embedAll(chunks, document.id(), document.version(), known, batches);
    }
  }

  /** As above, from the chunks that it has in its index; those that are too long now are cut. */
  public int rebuild(
      LiveDocument document,
      List<EmbeddedChunk> stored,
      Map<String, Embedding> known,
      Batches batches) {
    try (ChunkSpool chunks = new ChunkSpool(spoolFolder)) {
      for (EmbeddedChunk old : stored) {
        chunker.fitting(old.chunk()).forEach(chunks::add);
      }
      chunks.finish();
      return embedAll(chunks, document.id(), document.version(), known, batches);
    }
  }

  /** Whether its chunks and embeddings are few enough to be held in memory. */
  public static boolean isReusable(LiveDocument document) {
    return document.chunkCount() <= MAX_REUSED_CHUNKS;
  }

  /** Whether the embeddings of another one are those that this would make. */
  public boolean embedsLike(Pipeline other) {
    return embedder.id().equals(other.embedder.id());
  }

  private ChunkSpool cut(ParsedDocument parsed) {
    ChunkSpool chunks = new ChunkSpool(spoolFolder);
    boolean isCut = false;
    try {
      ChunkReader reader = chunker.chunk(parsed, "", 0);
      for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
        chunks.add(chunk);
      }
      chunks.finish();
      isCut = true;
      return chunks;
    } finally {
      if (!isCut) {
        chunks.close();
      }
    }
  }

  /** Equal content under another uri: its chunks and embeddings are taken over, its fate is not. */
  private int copy(
      IngestTask task, LiveDocument twin, List<EmbeddedChunk> chunks, CollectionWriter writer) {
    return drafted(
        task,
        copiedTitle(task, twin),
        0,
        writer,
        (draft, documentId) -> {
          writer.write(
              draft,
              chunks.stream().map(chunk -> retagged(chunk, documentId, draft.version())).toList());
          return chunks.size();
        });
  }

  private interface Body {
    /** Writes all chunks, and says how many there are. */
    int write(Draft draft, String documentId);
  }

  /** A version from its beginning to where the next publish shows it, or to nothing. */
  private int drafted(
      IngestTask task, String title, int pages, CollectionWriter writer, Body body) {
    String documentId = DocumentIds.of(task.ref(), task.uri());
    DocumentSource source = task.source();
    long version = catalog.beginVersion(task.ref(), source, title, task.hash());
    Draft draft = writer.begin(version);
    boolean isWhole = false;
    try {
      int chunks = body.write(draft, documentId);
      report(task, JobState.PUBLISHING, pages, chunks, chunks);
      writer.add(
          draft,
          new LiveDocument(
              documentId,
              source.uri(),
              title,
              task.hash(),
              version,
              chunks,
              source.metadata(),
              source.modifiedAt(),
              source.origin()),
          task.claim());
      isWhole = true;
      writer.publishIfDue();
      return chunks;
    } finally {
      if (!isWhole) {
        writer.abandon(draft);
      }
    }
  }

  private static void report(IngestTask task, JobState state, int pages, int chunks, int total) {
    task.progress().accept(new JobProgress(state, pages, chunks, total));
  }

  private static Optional<LiveDocument> twin(IngestTask task, CollectionState state) {
    return state.byVersion().values().stream()
        .filter(document -> document.contentHash().equals(task.hash()))
        .filter(Pipeline::isReusable)
        .findFirst();
  }

  private static String title(IngestTask task, @Nullable String own) {
    String given = task.source().title();
    if (given != null) {
      return given;
    }
    return own == null ? task.source().name() : own;
  }

  /** A title made from a file's name follows the file; one that the document gives itself stays. */
  private static String copiedTitle(IngestTask task, LiveDocument twin) {
    boolean isFromName = twin.uri().endsWith(twin.title());
    return title(task, isFromName ? null : twin.title());
  }

  private static EmbeddedChunk retagged(EmbeddedChunk embedded, String documentId, long version) {
    Chunk chunk = embedded.chunk();
    return new EmbeddedChunk(
        new Chunk(
            documentId,
            version,
            chunk.ordinal(),
            chunk.headings(),
            chunk.page(),
            chunk.start(),
            chunk.end(),
            chunk.text()),
        embedded.embedding());
  }

  /** Embeddings of the version that is replaced: most of an edited file is unchanged. */
  private static Map<String, Embedding> known(
      CollectionState state, IngestTask task, ChunkIndex index) {
    return state
        .documentAt(task.uri())
        .filter(Pipeline::isReusable)
        .map(document -> byText(index.chunksOf(document.version())))
        .orElse(Map.of());
  }

  /** Embeddings by the text that they stand for. */
  public static Map<String, Embedding> byText(List<EmbeddedChunk> chunks) {
    Map<String, Embedding> byText = new HashMap<>();
    chunks.forEach(each -> byText.put(each.chunk().searchText(), each.embedding()));
    return byText;
  }

  private List<EmbeddedChunk> embed(List<Chunk> chunks, Map<String, Embedding> known) {
    List<String> unknown =
        chunks.stream()
            .map(Chunk::searchText)
            .filter(text -> !known.containsKey(text))
            .distinct()
            .toList();
    List<Embedding> made =
        embedder.embedDocuments(unknown, Deadline.after(Ticker.system(), BATCH_TIMEOUT));
    Map<String, Embedding> fresh = new HashMap<>();
    for (int i = 0; i < unknown.size(); i++) {
      fresh.put(unknown.get(i), made.get(i));
    }
    List<EmbeddedChunk> embedded = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      Embedding old = known.get(chunk.searchText());
      Embedding embedding = old == null ? fresh.get(chunk.searchText()) : old;
      if (embedding == null) {
        throw new IllegalStateException("the embedder left out a chunk");
      }
      embedded.add(new EmbeddedChunk(chunk, embedding));
    }
    return embedded;
  }
}
