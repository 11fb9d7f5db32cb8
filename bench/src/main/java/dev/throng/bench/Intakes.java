package dev.throng.bench;

import dev.throng.app.Corpus;
import dev.throng.catalog.Blob;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.FolderBlobs;
import dev.throng.catalog.JobQuery;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Originals;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Ids;
import dev.throng.core.Metadata;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncReport;
import dev.throng.jobs.IngestQueue;
import dev.throng.jobs.JobRunner;
import dev.throng.jobs.Removal;
import dev.throng.observe.IngestMetrics;
import dev.throng.reindex.Reindexer;
import dev.throng.store.ChunkStore.IndexSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Times both ways of ingesting a folder's documents into a collection. */
final class Intakes implements AutoCloseable {
  private static final long POLL_MILLIS = 20;
  private static final double NANOS_A_SECOND = 1e9;

  private final Corpus corpus;
  private final Path folder;
  private final FolderSync sync;
  private final JobRunner runner;
  private final IngestQueue queue;

  Intakes(Corpus corpus, ThrongConfig config, Path folder) {
    this.corpus = corpus;
    this.folder = folder;
    Ids ids = new Ids(new SecureRandom());
    FolderBlobs blobs = new FolderBlobs(config.data().dir().resolve("originals"), ids);
    this.sync = new FolderSync(corpus.indexer());
    this.runner =
        new JobRunner(
            corpus.catalog().jobs(),
            blobs,
            corpus.indexer(),
            sync,
            new Reindexer(
                corpus.catalog(),
                corpus.indexer(),
                new Originals(corpus.catalog(), blobs),
                InstantSource.system()),
            config.ingest(),
            new IngestMetrics(new SimpleMeterRegistry()),
            InstantSource.system());
    this.queue =
        new IngestQueue(
            corpus.catalog(),
            blobs,
            corpus.indexer(),
            runner,
            ref -> Removal.LATER,
            config.ingest(),
            ids);
    runner.start();
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /** Returns the seconds until searches find all documents of the folder. */
  double sync(CollectionRef ref) throws IOException {
    long start = System.nanoTime();
    SyncReport report = sync.sync(ref, List.of(folder), false, progress -> {});
    double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
    if (!report.failures().isEmpty()) {
      throw new IOException(report.failures().toString());
    }
    return seconds;
  }

  /** Like {@link #sync}, but each file is uploaded, stored, queued and ingested as a job. */
  double upload(CollectionRef ref) throws IOException, InterruptedException {
    List<Path> files = files();
    long start = System.nanoTime();
    for (Path file : files) {
      String name = file.getFileName().toString();
      try (InputStream in = Files.newInputStream(file);
          IngestQueue.Upload upload = queue.beginUpload(ref, null)) {
        Blob blob = upload.keep(name, in);
        DocumentSource source = new DocumentSource(name, name, null, Metadata.NONE, null, blob);
        queue.enqueue(ref, List.of(source), null);
      }
    }
    JobQuery open = new JobQuery(ref.name(), JobState.OPEN, "", Long.MAX_VALUE, 1);
    while (!queue.jobs(ref.tenant(), open).isEmpty()) {
      Thread.sleep(POLL_MILLIS);
    }
    double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
    int live = corpus.catalog().state(ref).byVersion().size();
    if (live != files.size()) {
      throw new IOException("%d of %d documents were ingested".formatted(live, files.size()));
    }
    return seconds;
  }

  /** Returns the embedded texts. */
  List<String> chunksOf(CollectionRef ref) {
    CollectionState state = corpus.catalog().state(ref);
    IndexSpec spec =
        new IndexSpec(state.spec().language(), state.spec().embedderId(), state.spec().dimension());
    var index = corpus.store().open(ref, state.indexNumber(), spec);
    return state.byVersion().values().stream()
        .map(LiveDocument::version)
        .flatMap(version -> index.chunksOf(version).stream())
        .map(embedded -> embedded.chunk().searchText())
        .toList();
  }

  @Override
  public void close() {
    runner.close();
  }
}
