package dev.throng.ingest;

import dev.throng.backend.Embedder;
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
import dev.throng.ingest.parse.DocumentParser;
import dev.throng.ingest.parse.ParsedDocument;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import dev.throng.store.ChunkStore.IndexSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns documents into published chunks, one collection beside the other. */
public final class Ingester implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ingester.class);
  private static final Duration MIN_SWEEP_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MIN_PUBLISH_POLL = Duration.ofMillis(50);

  private final Catalog catalog;
  private final ChunkStore store;
  private final Embedder embedder;
  private final Chunker chunker;
  private final DocumentParser parser;
  private final Pipeline pipeline;
  private final IngestConfig config;
  private final InstantSource clock;
  private final ConcurrentMap<CollectionRef, CollectionWriter> writers = new ConcurrentHashMap<>();
  private final Thread publisher;
  private volatile ClaimListener listener = ClaimListener.NONE;

  /**
   * @param spoolFolder holds what is under way; nothing in it is needed after a crash
   */
  public Ingester(
      Catalog catalog,
      ChunkStore store,
      Embedder embedder,
      IngestConfig config,
      InstantSource clock,
      Path spoolFolder) {
    this.catalog = catalog;
    this.store = store;
    this.embedder = embedder;
    this.chunker = new Chunker(embedder, config);
    this.parser = new DocumentParser(config, spoolFolder.resolve("parsed"));
    this.pipeline = new Pipeline(catalog, embedder, chunker, parser, spoolFolder.resolve("chunks"));
    this.config = config;
    this.clock = clock;
    this.publisher = Thread.ofVirtual().name("publisher").start(this::publishUntilClosed);
  }

  /** The content hash that a document with these bytes would have now. */
  public Hash contentHash(byte[] content) {
    return contentHash(Hash.of(content));
  }

  /**
   * As {@link #contentHash(byte[])}, from the SHA-256 of the bytes: of them and of the way they are
   * parsed and chunked, so that a change of either reads a document anew.
   */
  public Hash contentHash(Hash content) {
    return new Hash.Builder().add(pipelineId()).add(content).build();
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
   * Parses, chunks and embeds one document and writes it; it becomes visible with a publish at most
   * a publish interval later, or with {@link #publish}.
   *
   * @return how many chunks it has
   * @throws ThrongException a document's own code, or why it cannot be written now; nothing is
   *     changed then
   */
  public int ingest(Intake intake) {
    CollectionState state = catalog.state(intake.ref());
    CollectionWriter writer = writer(state); // it forgets what a crash left half written
    return pipeline.run(intake, state, writer, index(state));
  }

  /** As {@link #ingest(Intake)}, for a document that is parsed already. */
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
    Intake intake = new Intake(ref, source, Path.of(""), hash, null, progress -> {}, words -> {});
    return pipeline.run(intake, parsed, state, writer(state), index(state));
  }

  /** As above, for a document that nothing else is known about. */
  public int ingest(
      CollectionRef ref, String uri, ParsedDocument parsed, String fallbackTitle, Hash hash) {
    return ingest(ref, uri, parsed, fallbackTitle, hash, Metadata.NONE, null);
  }

  /** Removes documents; they are gone with the next publish. */
  public void remove(CollectionRef ref, List<String> documentIds) {
    writer(catalog.state(ref)).remove(documentIds);
  }

  /** Deletes documents; no search that begins after it finds them. */
  CollectionState removeNow(CollectionRef ref, List<String> documentIds) {
    return writer(catalog.state(ref)).removeNow(documentIds);
  }

  /** Makes everything written so far visible. */
  public CollectionState publish(CollectionRef ref) {
    return writer(catalog.state(ref)).publish();
  }

  @Override
  public void close() {
    publisher.interrupt();
    parser.close();
  }

  private CollectionWriter writer(CollectionState state) {
    return writers.computeIfAbsent(
        state.ref(),
        ref -> {
          CollectionWriter writer =
              new CollectionWriter(ref, catalog, index(state), config, clock, listener);
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

  /**
   * @param ends hears what becomes of jobs whose documents were written
   */
  void onEnd(ClaimListener ends) {
    listener = ends;
  }

  /** Why what was written of a collection cannot be published now. */
  Trouble trouble(CollectionRef ref) {
    CollectionWriter writer = writers.get(ref);
    return writer == null ? Trouble.NONE : writer.trouble();
  }

  private void publishUntilClosed() {
    Duration poll = config.publishInterval().dividedBy(4);
    Duration sweep = config.deadGrace().plus(MIN_SWEEP_INTERVAL);
    Instant swept = clock.instant();
    try {
      while (true) {
        Thread.sleep(poll.compareTo(MIN_PUBLISH_POLL) < 0 ? MIN_PUBLISH_POLL : poll);
        boolean isSweepDue = !swept.plus(sweep).isAfter(clock.instant());
        writers.values().forEach(writer -> publish(writer, isSweepDue));
        swept = isSweepDue ? clock.instant() : swept;
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  /** Publishes what nobody followed up; a sweep deletes chunks that are not needed, too. */
  private static void publish(CollectionWriter writer, boolean isSweep) {
    try {
      if (isSweep) {
        writer.sweep();
      } else {
        writer.publishIfDue();
      }
    } catch (RuntimeException e) {
      log.debug("publishing failed, it is tried again", e);
    }
  }
}
