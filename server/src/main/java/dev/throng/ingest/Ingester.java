package dev.throng.ingest;

import dev.throng.backend.Embedder;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.config.IngestConfig;
import dev.throng.core.Chunk;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Embedding;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.ingest.parse.DocumentParser;
import dev.throng.ingest.parse.ParsedDocument;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns documents into published chunks, one collection beside the other. */
public final class Ingester implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ingester.class);
  private static final Duration EMBED_TIMEOUT = Duration.ofHours(1);

  private static final Duration MIN_SWEEP_INTERVAL = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final ChunkStore store;
  private final Embedder embedder;
  private final Chunker chunker;
  private final DocumentParser parser;
  private final IngestConfig config;
  private final InstantSource clock;
  private final ConcurrentMap<CollectionRef, CollectionWriter> writers = new ConcurrentHashMap<>();
  private final Thread sweeper;

  public Ingester(
      Catalog catalog,
      ChunkStore store,
      Embedder embedder,
      IngestConfig config,
      InstantSource clock) {
    this.catalog = catalog;
    this.store = store;
    this.embedder = embedder;
    this.chunker = new Chunker(embedder, config);
    this.parser = new DocumentParser(config, spoolFolder());
    this.config = config;
    this.clock = clock;
    this.sweeper = Thread.ofVirtual().name("publish-sweeper").start(this::sweepUntilClosed);
  }

  /** The content hash that a document with these bytes would have now. */
  public Hash contentHash(byte[] content) {
    return new Hash.Builder().add(pipelineId()).add(content).build();
  }

  /**
   * As {@link #contentHash(byte[])}, of a file.
   *
   * @throws ThrongException DOCUMENT_TOO_LARGE, before any of it is read
   */
  Hash contentHash(java.nio.file.Path file) throws IOException {
    parser.checkSize(file);
    return contentHash(Files.readAllBytes(file));
  }

  private String pipelineId() {
    return "parser-%d/%s".formatted(DocumentParser.VERSION, chunker.id());
  }

  /** The collection, created with the configured language and embedder when it does not exist. */
  public CollectionState openCollection(CollectionRef ref) {
    CollectionState state =
        catalog
            .find(ref)
            .orElseGet(() ->
                catalog.create(
                    ref,
                    new CollectionSpec(config.language(), embedder.id(), embedder.dimension())));
    writer(state);
    return state;
  }

  /**
   * Parses, chunks and embeds one file and writes it; it becomes visible with a publish at most a
   * publish interval later, or with {@link #publish}.
   *
   * @param uri names the document in its collection
   * @param hash from {@link #contentHash}
   * @return how many chunks it has
   * @throws ThrongException a document's own code; nothing is changed then
   */
  public int ingest(CollectionRef ref, String uri, java.nio.file.Path file, Hash hash) {
    Optional<LiveDocument> twin =
        catalog.state(ref).byUri().values().stream()
            .filter(document -> document.contentHash().equals(hash))
            .findFirst();
    return twin.isPresent()
        ? copy(ref, uri, twin.get(), file)
        : parseAndIngest(ref, uri, file, hash);
  }

  private int parseAndIngest(CollectionRef ref, String uri, java.nio.file.Path file, Hash hash) {
    try (ParsedDocument parsed = parser.parse(file, titleOf(file))) {
      return ingest(ref, uri, parsed, titleOf(file), hash);
    }
  }

  private static java.nio.file.Path spoolFolder() {
    try {
      return Files.createTempDirectory("throng-parse");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * As {@link #ingest(CollectionRef, String, java.nio.file.Path, Hash)}, for a document that is
   * parsed already.
   */
  public int ingest(
      CollectionRef ref, String uri, ParsedDocument parsed, String fallbackTitle, Hash hash) {
    CollectionState state = catalog.state(ref);
    CollectionWriter writer = writer(state);
    String title = parsed.title() == null ? fallbackTitle : parsed.title();
    String documentId = Catalog.documentId(ref, uri);
    long version = catalog.beginVersion(ref, uri, title, hash);
    List<Chunk> chunks = new ArrayList<>();
    ChunkReader cut = chunker.chunk(parsed, documentId, version);
    for (Chunk chunk = cut.next(); chunk != null; chunk = cut.next()) {
      chunks.add(chunk);
    }
    if (chunks.isEmpty()) {
      throw new ThrongException(ErrorCode.DOCUMENT_EMPTY, uri + ": no text in it");
    }
    List<EmbeddedChunk> embedded = embed(chunks, knownEmbeddings(state, uri));
    writer.write(new LiveDocument(documentId, uri, title, hash, version, chunks.size()), embedded);
    writer.publishIfDue();
    return chunks.size();
  }

  /** Removes documents; they are gone with the next publish. */
  public void remove(CollectionRef ref, List<String> documentIds) {
    writer(catalog.state(ref)).remove(documentIds);
  }

  /** Makes everything written so far visible. */
  public CollectionState publish(CollectionRef ref) {
    return writer(catalog.state(ref)).publish();
  }

  @Override
  public void close() {
    sweeper.interrupt();
    parser.close();
  }

  /** Equal content under another uri: its chunks and embeddings are taken over, its fate is not. */
  private int copy(CollectionRef ref, String uri, LiveDocument twin, java.nio.file.Path file) {
    CollectionState state = catalog.state(ref);
    CollectionWriter writer =
        writer(state); // first: it forgets versions that a crash left half written
    List<EmbeddedChunk> chunks = index(state).chunksOf(twin.version());
    String title = chunks.isEmpty() ? twin.title() : renamedTitle(twin, file);
    String documentId = Catalog.documentId(ref, uri);
    long version = catalog.beginVersion(ref, uri, title, twin.contentHash());
    List<EmbeddedChunk> copies =
        chunks.stream().map(chunk -> retagged(chunk, documentId, version)).toList();
    writer.write(
        new LiveDocument(documentId, uri, title, twin.contentHash(), version, copies.size()),
        copies);
    writer.publishIfDue();
    return copies.size();
  }

  /**
   * A title made from the file's name follows the file; one that the document gives itself stays.
   */
  private static String renamedTitle(LiveDocument twin, java.nio.file.Path file) {
    boolean isFromName = twin.uri().endsWith(twin.title());
    return isFromName ? titleOf(file) : twin.title();
  }

  private static String titleOf(java.nio.file.Path file) {
    return file.getFileName().toString();
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

  /**
   * Embeddings of the version that is replaced, by the text they stand for: most of an edited file
   * is unchanged.
   */
  private Map<String, Embedding> knownEmbeddings(CollectionState state, String uri) {
    Map<String, Embedding> known = new HashMap<>();
    state
        .documentAt(uri)
        .ifPresent(document ->
            index(state)
                .chunksOf(document.version())
                .forEach(old -> known.put(old.chunk().searchText(), old.embedding())));
    return known;
  }

  private List<EmbeddedChunk> embed(List<Chunk> chunks, Map<String, Embedding> known) {
    List<String> unknown =
        chunks.stream().map(Chunk::searchText).filter(text -> !known.containsKey(text)).toList();
    List<Embedding> made =
        embedder.embedDocuments(unknown, Deadline.after(Ticker.system(), EMBED_TIMEOUT));
    Map<String, Embedding> all = new HashMap<>(known);
    for (int i = 0; i < unknown.size(); i++) {
      all.put(unknown.get(i), made.get(i));
    }
    List<EmbeddedChunk> embedded = new ArrayList<>(chunks.size());
    for (Chunk chunk : chunks) {
      Embedding embedding = all.get(chunk.searchText());
      if (embedding == null) {
        throw new IllegalStateException("the embedder left out a chunk");
      }
      embedded.add(new EmbeddedChunk(chunk, embedding));
    }
    return embedded;
  }

  private CollectionWriter writer(CollectionState state) {
    return writers.computeIfAbsent(
        state.ref(),
        ref -> {
          CollectionWriter writer = new CollectionWriter(ref, catalog, index(state), config, clock);
          writer.recover();
          return writer;
        });
  }

  private ChunkIndex index(CollectionState state) {
    CollectionSpec spec = state.spec();
    if (!spec.embedderId().equals(embedder.id())) {
      throw new ThrongException(
          ErrorCode.INDEX_MISMATCH,
          "collection %s was made with %s, the server is set to %s: start with the former, or run `throng reindex`"
              .formatted(state.ref(), spec.embedderId(), embedder.id()));
    }
    return store.open(
        state.ref(),
        state.generation(),
        new IndexSpec(spec.language(), spec.embedderId(), spec.dimension()));
  }

  private void sweepUntilClosed() {
    Duration every = config.deadGrace().plus(MIN_SWEEP_INTERVAL);
    try {
      while (true) {
        Thread.sleep(every);
        sweep();
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  /** Publishes what nobody followed up, and deletes chunks whose grace is over. */
  private void sweep() {
    for (CollectionWriter writer : writers.values()) {
      try {
        writer.publish();
      } catch (RuntimeException e) {
        log.warn("publishing failed, it is tried again: {}", e.toString());
      }
    }
  }
}
