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
 * The processing of one document: parse, chunk, embed, write. The next publish shows it. Memory is
 * bounded for any document, and a failure at any step leaves nothing behind.
 */
public final class Pipeline {
  /** Number of chunks embedded and written together. */
  private static final int BATCH_CHUNKS = 64;

  /** Maximum length of all warnings about a document together. */
  private static final int MAX_WARNING_CHARS = 2_000;

  private static final Duration BATCH_TIMEOUT = Duration.ofMinutes(10);

  /** Embeddings of a longer version are computed again instead of being held in memory. */
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
   * Returns the hash that distinguishes two contents of a document: of the bytes, their format, and
   * how they are parsed and chunked.
   *
   * @param content SHA-256 of the bytes
   * @param name the name, whose extension gives the format
   */
  public Hash contentHash(Hash content, String name) {
    return new Hash.Builder().add(id()).add(DocumentParser.formatOf(name)).add(content).build();
  }

  /**
   * Returns an id of the whole process from a document's bytes to its chunks and their embeddings.
   */
  public String id() {
    return "parser-%d/%s".formatted(DocumentParser.VERSION, chunker.id());
  }

  /**
   * Ingests a document.
   *
   * @param index the index that {@code writer} writes
   * @return the number of its chunks
   */
  int run(IngestTask task, CollectionState state, CollectionWriter writer, ChunkIndex index) {
    Optional<LiveDocument> twin = twin(task, state);
    if (twin.isPresent()) {
      List<EmbeddedChunk> chunks = index.chunksOf(twin.get().version());
      if (chunks.size() == twin.get().chunkCount()) { // or it was deleted in the meantime
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

  /**
   * Like {@link #run(IngestTask, CollectionState, CollectionWriter, ChunkIndex)}, for a parsed
   * document.
   */
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
    return withDraft(
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

  /** Receives the chunks of a version, in order. */
  public interface Batches {
    /**
     * Receives a batch.
     *
     * @param done number of chunks so far, including these
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
   * Makes the chunks of a published version again, for another index.
   *
   * @param file its bytes
   * @param name the name, whose extension gives the format
   * @param known embeddings by text; empty when another embedder made them
   * @return the number of chunks
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

  /** Makes the chunks again from those in its index. Chunks that are now too long are cut. */
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

  /** Returns whether its chunks and embeddings are few enough to be held in memory. */
  public static boolean isReusable(LiveDocument document) {
    return document.chunkCount() <= MAX_REUSED_CHUNKS;
  }

  /** Returns whether the embeddings of another pipeline are the same as those of this one. */
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

  /**
   * Copies the chunks and embeddings of a document with equal content under another uri. The two
   * documents stay independent.
   */
  private int copy(
      IngestTask task, LiveDocument twin, List<EmbeddedChunk> chunks, CollectionWriter writer) {
    return withDraft(
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
    /** Writes all chunks, and returns their number. */
    int write(Draft draft, String documentId);
  }

  /** Runs a version from its start until the next publish can show it, or until it is abandoned. */
  private int withDraft(
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

  /**
   * Returns the title of a copy. A title derived from a file's name follows the file, and a title
   * in the document stays.
   */
  private static String copiedTitle(IngestTask task, LiveDocument twin) {
    boolean isFromName = twin.uri().endsWith(twin.title());
    return title(task, isFromName ? null : twin.title());
  }

  private static EmbeddedChunk retagged(EmbeddedChunk embedded, String documentId, long version) {
    return new EmbeddedChunk(embedded.chunk().ofVersion(documentId, version), embedded.embedding());
  }

  /**
   * Returns the embeddings of the version that is replaced, because most of an edited file is
   * unchanged.
   */
  private static Map<String, Embedding> known(
      CollectionState state, IngestTask task, ChunkIndex index) {
    return state
        .documentAt(task.uri())
        .filter(Pipeline::isReusable)
        .map(document -> byText(index.chunksOf(document.version())))
        .orElse(Map.of());
  }

  /** Returns embeddings by their text. */
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
        throw new IllegalStateException("the embedder returned no embedding for a chunk");
      }
      embedded.add(new EmbeddedChunk(chunk, embedding));
    }
    return embedded;
  }
}
