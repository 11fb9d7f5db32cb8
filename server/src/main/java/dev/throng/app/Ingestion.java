package dev.throng.app;

import dev.throng.answer.AnswerPurge;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.FolderBlobs;
import dev.throng.catalog.Originals;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Ids;
import dev.throng.folder.FolderSync;
import dev.throng.folder.FolderWatch;
import dev.throng.folder.SyncProgress;
import dev.throng.folder.SyncReport;
import dev.throng.http.CollectionsRoute;
import dev.throng.http.DocumentContentRoute;
import dev.throng.http.DocumentTextRoute;
import dev.throng.http.DocumentsRoute;
import dev.throng.http.JobsRoute;
import dev.throng.http.Readiness;
import dev.throng.http.Route;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.IngestRoute;
import dev.throng.http.admin.ReindexRoute;
import dev.throng.http.admin.SyncRoute;
import dev.throng.janitor.Leftovers;
import dev.throng.janitor.Purge;
import dev.throng.janitor.Sweep;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import dev.throng.observe.IngestMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.reindex.OutdatedCollections;
import dev.throng.reindex.ReindexQueue;
import dev.throng.reindex.Reindexer;
import dev.throng.retrieval.DocumentReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The wiring of ingestion: jobs, reindexes, purges, and the folder that a collection follows. */
final class Ingestion implements AutoCloseable {
  private final ThrongConfig config;
  private final Catalog catalog;
  private final BlobStore blobs;
  private final Originals originals;
  private final DocumentReader reader;
  private final FolderSync sync;
  private final Reindexer reindexer;
  private final ReindexQueue reindexes;
  private final OutdatedCollections outdated;
  private final JobRunner runner;
  private final IngestQueue queue;
  private final Purge purge;
  private final Sweep sweep;
  private volatile @Nullable FolderWatch watch;

  /**
   * Creates the feature.
   *
   * @param answers removes answers that were made from purged documents
   */
  Ingestion(
      ThrongConfig config, Corpus corpus, AnswerPurge answers, Ids ids, MetricsRegistry metrics) {
    InstantSource clock = InstantSource.system();
    this.config = config;
    this.catalog = corpus.catalog();
    this.blobs = blobs(config, catalog, ids);
    this.originals = new Originals(catalog, blobs);
    this.reader = new DocumentReader(catalog, corpus.store());
    this.sync = new FolderSync(corpus.indexer());
    this.reindexer = new Reindexer(catalog, corpus.indexer(), originals, clock);
    this.reindexes = new ReindexQueue(catalog, corpus.indexer(), ids);
    this.outdated = new OutdatedCollections(catalog, corpus.indexer(), reindexes);
    this.runner =
        new JobRunner(
            catalog.jobs(),
            blobs,
            corpus.indexer(),
            sync,
            reindexer,
            config.ingest(),
            new IngestMetrics(metrics.registry()),
            clock);
    Leftovers leftovers = new Leftovers(catalog.jobs(), blobs, reindexer, clock);
    this.purge = new Purge(catalog, corpus.indexer(), blobs, leftovers, answers);
    this.queue =
        new IngestQueue(
            catalog, blobs, corpus.indexer(), runner, purge::finish, config.ingest(), ids);
    this.sweep =
        new Sweep(catalog, leftovers, purge, config.ingest(), config.feedback().retention(), clock);
    metrics.gauge(Metric.JOBS_RUNNING, runner::runningJobs);
    metrics.gauge(Metric.JOBS_OPEN, () -> runner.openJobs().count());
    metrics.seconds(Metric.JOBS_OLDEST_AGE, () -> runner.openJobs().oldestAge());
    metrics.gauge(Metric.WATCH_FAILURES, this::watchFailures);
  }

  /**
   * Returns the store of originals. Any replica may take over a job, so all of them must be able to
   * read its document.
   */
  private static BlobStore blobs(ThrongConfig config, Catalog catalog, Ids ids) {
    String folder = config.ingest().jobs().originalsDir();
    if (!folder.equals("auto")) {
      return new FolderBlobs(Path.of(folder), ids);
    }
    return config.catalog().isShared()
        ? catalog.blobs(config.data().dir().resolve("spool"))
        : new FolderBlobs(config.data().dir().resolve("originals"), ids);
  }

  private int watchFailures() {
    FolderWatch following = watch;
    return following == null ? 0 : following.failures();
  }

  BlobStore blobs() {
    return blobs;
  }

  FolderSync sync() {
    return sync;
  }

  Purge purge() {
    return purge;
  }

  List<Route> routes(TenantResolver tenants, Readiness readiness) {
    InstantSource clock = InstantSource.system();
    String defaultCollection = config.answer().defaultCollection();
    return Route.all(
        new CollectionsRoute(catalog, queue, tenants).routes(),
        new DocumentsRoute(queue, catalog, tenants, clock).routes(),
        new DocumentTextRoute(reader, tenants, config.answer().timeout()).routes(),
        new DocumentContentRoute(catalog, originals, tenants).routes(),
        new SyncRoute(queue, tenants, clock).routes(),
        new JobsRoute(queue, tenants, readiness, clock).routes(),
        new IngestRoute(sync, tenants, defaultCollection).routes(),
        new ReindexRoute(reindexes, catalog, tenants, defaultCollection, clock).routes());
  }

  /**
   * Makes a collection equal to a folder. Once the server is ready, the collection follows the
   * folder if {@code ingest.watch} is on.
   */
  SyncReport mirror(CollectionRef collection, Path folder, Consumer<SyncProgress> progress)
      throws InterruptedException {
    FolderWatch following =
        new FolderWatch(
            sync,
            catalog.leases(),
            collection,
            folder,
            config.ingest(),
            config.data().dir().resolve("followed"),
            InstantSource.system());
    watch = following;
    originals.follow(collection, folder);
    queue.follow(collection);
    return following.first(progress);
  }

  void start() {
    outdated.reindex();
    runner.start();
    sweep.start();
    FolderWatch following = watch;
    if (following != null && config.ingest().watch().isOn()) {
      following.start();
    }
  }

  @Override
  public void close() {
    FolderWatch following = watch;
    if (following != null) {
      following.close();
    }
    sweep.close();
    runner.close();
  }
}
