package dev.throng.index;

import dev.throng.backend.Embedder;
import dev.throng.backend.Embedders;
import dev.throng.catalog.Blob;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionSpec;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.parser.client.DocumentParser;
import dev.throng.parser.client.ParsedDocument;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Turns documents into published chunks, for all collections in parallel. */
public final class Indexer implements AutoCloseable {
  private final Catalog catalog;
  private final ChunkStore store;
  private final Embedders embedders;
  private final DocumentParser parser;
  private final Path spoolFolder;
  private final IngestConfig config;
  private final CollectionWriters writers;

  /** The pipelines by the embedder that a collection was made with. */
  private final ConcurrentMap<String, Pipeline> pipelines = new ConcurrentHashMap<>();

  /**
   * Creates an indexer.
   *
   * @param spoolFolder for temporary files, which are not needed after a crash
   */
  public Indexer(
      Catalog catalog,
      ChunkStore store,
      Embedders embedders,
      IngestConfig config,
      InstantSource clock,
      Path spoolFolder) {
    this.catalog = catalog;
    this.store = store;
    this.embedders = embedders;
    SpoolCleanup.delete(spoolFolder);
    this.parser = new DocumentParser(config.parser(), spoolFolder.resolve("parsed"));
    this.spoolFolder = spoolFolder.resolve("chunks");
    this.config = config;
    this.writers = new CollectionWriters(catalog, this::index, config, clock);
  }

  /**
   * Returns the content hash that a document would have in the collection now: of its bytes, its
   * format, and the parsing and chunking there. If any of these changes, the document is read
   * again.
   *
   * @param content SHA-256 of the bytes
   * @param name the name, whose extension gives the format; "" for a document that is already
   *     parsed
   */
  public Hash contentHash(CollectionRef ref, Hash content, String name) {
    return pipeline(catalog.state(ref)).contentHash(content, name);
  }

  private Pipeline pipeline(CollectionState state) {
    return pipeline(state.spec());
  }

  /** Returns the pipeline that makes chunks for an index with that spec. */
  public Pipeline pipeline(CollectionSpec spec) {
    Embedder embedder = embedders.of(spec.embedderId());
    return pipelines.computeIfAbsent(
        embedder.id(),
        id -> new Pipeline(catalog, embedder, new Chunker(embedder, config), parser, spoolFolder));
  }

  /**
   * Returns the collection, which is created with the configured language and embedder if it does
   * not exist.
   */
  public CollectionState openCollection(CollectionRef ref) {
    CollectionState state =
        catalog
            .find(ref)
            .filter(CollectionState::isPublished)
            .orElseGet(() ->
                catalog.create(ref, newSpec(embedders.configured()), config.maxCollections()));
    var _ = writers.of(ref);
    return state;
  }

  /**
   * Returns the collection like {@link #openCollection}, but without an index, which is created
   * when the first document is written. Clients see a new collection only when that document is
   * published.
   *
   * @throws ThrongException QUOTA_EXCEEDED when its tenant may have no more; COLLECTION_DELETING
   */
  public CollectionState ensureCollection(CollectionRef ref) {
    return catalog.find(ref).orElseGet(() -> prepareCollection(ref));
  }

  /**
   * Like {@link #ensureCollection}, but asks the database, not the memory of this process, which
   * may still hold a collection that has just been deleted.
   */
  public CollectionState prepareCollection(CollectionRef ref) {
    return catalog.prepare(ref, newSpec(embedders.configured()), config.maxCollections());
  }

  /** Like {@link #ensureCollection}, with its index. */
  public CollectionState preparedCollection(CollectionRef ref) {
    CollectionState state = ensureCollection(ref);
    var _ = writers.of(ref);
    return state;
  }

  /**
   * Returns the collection with its index. The collection is not created, so that a job that was
   * claimed just before its collection was deleted does not restore it.
   *
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  public CollectionState existingCollection(CollectionRef ref) {
    CollectionState state = catalog.state(ref);
    var _ = writers.of(ref);
    return state;
  }

  /** Returns whether a collection is known to be deleted. */
  public boolean isDeleted(CollectionRef ref) {
    try {
      return catalog.find(ref).isEmpty();
    } catch (ThrongException e) {
      return false; // unknown
    }
  }

  /** Discards what was written into a deleted collection and not published. */
  public void forgetDeleted(CollectionRef ref) {
    writers.forgetDeleted(ref);
  }

  /**
   * Parses, chunks and embeds one document and writes it. It becomes visible with a publish at most
   * a publish interval later, or with {@link #publish}.
   *
   * @return the number of its chunks
   * @throws ThrongException a document's own code, or why it cannot be written now; nothing is
   *     changed then
   */
  public int ingest(IngestTask task) {
    CollectionState state = catalog.state(task.ref());
    return pipeline(state).run(task, state, writers.of(state), index(state));
  }

  /** Like {@link #ingest(IngestTask)}, for a document that is already parsed. */
  public int ingest(
      CollectionRef ref,
      String uri,
      ParsedDocument parsed,
      String fallbackTitle,
      Hash hash,
      Metadata metadata,
      @Nullable Instant modifiedAt) {
    CollectionState state = catalog.state(ref);
    DocumentSource source =
        new DocumentSource(uri, fallbackTitle, null, metadata, modifiedAt, Blob.NONE);
    IngestTask task =
        new IngestTask(ref, source, Path.of(""), hash, null, progress -> {}, words -> {});
    return pipeline(state).run(task, parsed, state, writers.of(state), index(state));
  }

  /** Ingests a parsed document without further properties. */
  public int ingest(
      CollectionRef ref, String uri, ParsedDocument parsed, String fallbackTitle, Hash hash) {
    return ingest(ref, uri, parsed, fallbackTitle, hash, Metadata.NONE, null);
  }

  /** Removes documents with the next publish. */
  public void remove(CollectionRef ref, List<String> documentIds) {
    writers.of(ref).remove(documentIds);
  }

  /** Deletes documents. No search that begins after it finds them. */
  public CollectionState removeNow(CollectionRef ref, List<String> documentIds) {
    return writers.of(ref).removeNow(documentIds);
  }

  /** Makes everything written so far visible. */
  public CollectionState publish(CollectionRef ref) {
    return writers.of(ref).publish();
  }

  /** Returns the current live index of the collection. */
  public ChunkIndex indexOf(CollectionRef ref) {
    return index(catalog.state(ref));
  }

  /** Like {@link CollectionWriter#deleteDead}. */
  public Set<Long> deleteDead(CollectionRef ref) {
    return writers.of(ref).deleteDead();
  }

  @Override
  public void close() {
    writers.close();
    parser.close();
  }

  private ChunkIndex index(CollectionState state) {
    checkEmbedder(state);
    ChunkIndex index = index(state.ref(), state.indexNumber(), state.spec());
    if (catalog.find(state.ref()).isEmpty()) {
      // The collection was deleted before its index was opened, which has created an empty one.
      drop(state.ref(), state.indexNumber(), state.spec());
      throw new ThrongException(
          ErrorCode.UNKNOWN_COLLECTION, state.ref().name() + " has just been deleted");
    }
    return index;
  }

  /** Returns an index of a collection, live or not. A damaged index is replaced by an empty one. */
  public ChunkIndex index(CollectionRef ref, long indexNumber, CollectionSpec spec) {
    ChunkIndex index = store.open(ref, indexNumber, indexSpec(spec));
    return index.isDamaged() ? store.replace(ref, indexNumber, indexSpec(spec)) : index;
  }

  /** Deletes an index of a collection that is not live. */
  public void drop(CollectionRef ref, long indexNumber, CollectionSpec spec) {
    store.drop(ref, indexNumber, indexSpec(spec));
  }

  private static IndexSpec indexSpec(CollectionSpec spec) {
    return new IndexSpec(spec.language(), spec.embedderId(), spec.dimension());
  }

  private void checkEmbedder(CollectionState state) {
    try {
      var _ = embedders.of(state.spec().embedderId());
    } catch (ThrongException e) {
      throw new ThrongException(
          e.code(),
          "collection %s was made with another embedder: %s".formatted(state.ref(), e.getMessage()),
          e);
    }
  }

  /** Returns the spec of a new index. */
  CollectionSpec newSpec(Embedder embedder) {
    return new CollectionSpec(config.language(), embedder.id(), embedder.dimension());
  }

  public Embedders embedders() {
    return embedders;
  }

  DocumentParser parser() {
    return parser;
  }

  /** Adds a listener for the results of jobs whose documents were written. */
  public void onEnd(ClaimListener ends) {
    writers.onEnd(ends);
  }

  /** Returns why the written documents of a collection cannot be published now. */
  public Blocker blockerOf(CollectionRef ref) {
    return writers.blockerOf(ref);
  }
}
