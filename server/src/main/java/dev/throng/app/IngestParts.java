package dev.throng.app;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.FolderBlobs;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Ids;
import dev.throng.folder.FolderSync;
import dev.throng.janitor.IngestSweep;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import dev.throng.observe.IngestMetrics;
import dev.throng.reindex.ReindexQueue;
import dev.throng.reindex.Reindexer;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;

/** The parts that ingest documents while questions are answered. */
record IngestParts(
    FolderSync sync,
    IngestQueue queue,
    ReindexQueue reindexes,
    Reindexer reindexer,
    JobRunner runner,
    IngestSweep sweep,
    BlobStore originals)
    implements AutoCloseable {
  static IngestParts of(ThrongConfig config, Corpus corpus, Ids ids, MeterRegistry metrics) {
    InstantSource clock = InstantSource.system();
    Catalog catalog = corpus.catalog();
    BlobStore blobs = originals(config, catalog, ids);
    FolderSync sync = new FolderSync(corpus.indexer());
    Reindexer reindexer = new Reindexer(catalog, corpus.indexer(), blobs, clock);
    JobRunner runner =
        new JobRunner(
            catalog.jobs(),
            blobs,
            corpus.indexer(),
            sync,
            reindexer,
            config.ingest(),
            new IngestMetrics(metrics),
            clock);
    return new IngestParts(
        sync,
        new IngestQueue(catalog, blobs, corpus.indexer(), runner, config.ingest(), ids),
        new ReindexQueue(catalog, corpus.indexer(), ids),
        reindexer,
        runner,
        new IngestSweep(catalog, blobs, reindexer, config.ingest(), clock),
        blobs);
  }

  /**
   * Returns the store of originals. Any replica may take over a job, so all of them must be able to
   * read its document.
   */
  private static BlobStore originals(ThrongConfig config, Catalog catalog, Ids ids) {
    String folder = config.ingest().originalsDir();
    if (!folder.equals("auto")) {
      return new FolderBlobs(Path.of(folder), ids);
    }
    return config.catalog().isShared()
        ? catalog.blobs(config.data().dir().resolve("spool"))
        : new FolderBlobs(config.data().dir().resolve("originals"), ids);
  }

  void start() {
    runner.start();
    sweep.start();
  }

  @Override
  public void close() {
    sweep.close();
    runner.close();
  }
}
