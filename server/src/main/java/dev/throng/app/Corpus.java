package dev.throng.app;

import dev.throng.admission.Admissions;
import dev.throng.backend.Embedder;
import dev.throng.backend.Embedders;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.SqliteLibrary;
import dev.throng.config.RetrievalMode;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.index.Indexer;
import dev.throng.retrieval.DocumentFilter;
import dev.throng.retrieval.Retriever;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The document side of a server: a data folder, with everything that reads, writes and searches it.
 */
public record Corpus(
    DataLock lock,
    Catalog catalog,
    ChunkStore store,
    Embedders embedders,
    Indexer indexer,
    Retriever retriever)
    implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Corpus.class);

  /** The tenant of the collections of `throng eval`, which may use another embedder. */
  private static final String EVAL_TENANT = "eval";

  private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(60);
  private static final String WARM_UP_QUESTION = "How long does it take, and what does it cost?";

  /** Opens the data folder, which is locked for this process until it is closed. */
  public static Corpus open(ThrongConfig config) {
    Path folder = config.data().dir();
    checkTemporaryFolder();
    DataLock lock = DataLock.take(folder);
    InstantSource clock = InstantSource.system();
    // Loading the model takes as long as everything else, so both run in parallel.
    FutureTask<Embedders> loading = new FutureTask<>(new EmbedderLoader(config)::all);
    Thread.ofPlatform().name("load-embedder").start(loading);
    Catalog catalog = catalog(config, clock);
    ChunkStore store = Stores.open(config);
    if (!store.capabilities().shared()) {
      checkIsAlone(catalog);
    }
    if (config.retrieval().mode() == RetrievalMode.HYBRID_OR_DENSE
        && !store.capabilities().lexical()) {
      log.info(
          "passages are found by vectors only, because {} does not support word search",
          store.name());
    }
    Embedders embedders = Futures.join(loading, "loading the embedder");
    Indexer indexer =
        new Indexer(catalog, store, embedders, config.ingest(), clock, folder.resolve("spool"));
    int threads =
        Admissions.searchThreads(
            config.admission(),
            Runtime.getRuntime().availableProcessors(),
            store.capabilities().shared());
    Retriever retriever = new Retriever(catalog, store, embedders, config.retrieval(), threads);
    return new Corpus(lock, catalog, store, embedders, indexer, retriever);
  }

  /** Checks the temporary folder. Native libraries need it, and report its absence badly. */
  private static void checkTemporaryFolder() {
    String folder = System.getProperty("java.io.tmpdir", "");
    try {
      Files.delete(Files.createTempFile("throng", null));
    } catch (IOException | IllegalArgumentException e) {
      throw new ThrongException(
          ErrorCode.STORAGE_FAILED,
          "temporary folder %s: %s (expected: a writable folder; set TMPDIR to use another one)"
              .formatted(folder, e),
          e);
    }
  }

  /**
   * Checks that no other replica uses the catalogue. A shared catalogue lists chunks that the local
   * index of this machine does not have.
   */
  private static void checkIsAlone(Catalog catalog) {
    if (catalog.hasOtherReplicas()) {
      catalog.close();
      throw new ThrongException(
          ErrorCode.STORE_NOT_SHARED,
          "catalog.url: another replica uses this catalogue"
              + " (expected: a single replica, or a store.kind that replicas share)");
    }
  }

  static Catalog catalog(ThrongConfig config, InstantSource clock) {
    if (config.catalog().isShared()) {
      return Catalog.openPostgres(config.catalog(), new Ids(new SecureRandom()).next(), clock);
    }
    SqliteLibrary.locate(EmbedderLoader.unpackedResources(config));
    return Catalog.openSqlite(config.data().dir().resolve("catalog.sqlite"), clock);
  }

  /**
   * Opens every collection with the embedder that it was made with.
   *
   * @throws dev.throng.core.ThrongException INDEX_MISMATCH naming the first collection whose
   *     embedder is not available
   */
  void checkCollections() {
    for (CollectionState state : servedCollections()) {
      indexer.existingCollection(state.ref());
      otherEmbedder(state).ifPresent(log::warn);
    }
  }

  /** Returns the collection in which `throng eval` keeps a data set. */
  public static CollectionRef evalCollection(String dataset) {
    String name = dataset.replaceAll("[^A-Za-z0-9_-]", "-");
    return new CollectionRef(EVAL_TENANT, CollectionRef.isName(name) ? name : "dataset");
  }

  /** Returns a message if a collection uses another embedder than the configured one. */
  Optional<String> otherEmbedder(CollectionState state) {
    String configured = embedders.configured().id();
    return state.spec().embedderId().equals(configured)
        ? Optional.empty()
        : Optional.of(
            "collection %s uses the embedder %s, but %s is configured: run `throng reindex` to change it"
                .formatted(state.ref().name(), state.spec().embedderId(), configured));
  }

  /** Returns all collections except those of `throng eval`. */
  List<CollectionState> servedCollections() {
    return catalog.states().stream()
        .filter(state -> !state.ref().tenant().equals(EVAL_TENANT))
        .toList();
  }

  /**
   * Runs the native code and the search code once, so that the first client does not wait for it to
   * load.
   */
  void warmUp(CollectionRef ref) {
    Deadline deadline = Deadline.after(Ticker.system(), WARM_UP_TIMEOUT);
    retriever.retrieve(ref, WARM_UP_QUESTION, 1, DocumentFilter.ALL, deadline);
  }

  /** Returns the configured embedder, by itself. */
  public static Embedder embedder(ThrongConfig config) {
    return new EmbedderLoader(config).configured();
  }

  @Override
  public void close() {
    indexer.close();
    retriever.close();
    store.close();
    embedders.close();
    catalog.close();
    lock.close();
  }
}
