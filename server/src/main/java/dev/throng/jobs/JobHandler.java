package dev.throng.jobs;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.config.IngestConfig;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncReport;
import dev.throng.index.Indexer;
import dev.throng.index.IngestTask;
import dev.throng.reindex.Reindexer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Does the work of a job, depending on its kind. */
final class JobHandler {
  private final BlobStore blobs;
  private final Indexer indexer;
  private final FolderSync sync;
  private final Reindexer reindexer;
  private final IngestConfig config;

  JobHandler(
      BlobStore blobs, Indexer indexer, FolderSync sync, Reindexer reindexer, IngestConfig config) {
    this.blobs = blobs;
    this.indexer = indexer;
    this.sync = sync;
    this.reindexer = reindexer;
    this.config = config;
  }

  /**
   * Does the work of a job.
   *
   * @return the detail with which the job ends now; empty when it ends with the publish of its
   *     document
   * @throws ThrongException why the work failed
   * @throws RunningJob.ClaimLost when the job should not continue
   */
  Optional<String> handle(RunningJob running) {
    return switch (running.job().spec()) {
      case JobSpec.Document document -> ingest(running, document);
      case JobSpec.Sync(Path folder) -> Optional.of(sync(running, folder, false));
      case JobSpec.Mirror(Path folder) -> Optional.of(sync(running, folder, true));
      case JobSpec.Reindex(long indexNumber) -> Optional.of(reindex(running, indexNumber));
    };
  }

  private Optional<String> ingest(RunningJob running, JobSpec.Document document) {
    Job job = running.job();
    DocumentSource source = document.source();
    CollectionState state = indexer.existingCollection(job.collection());
    Hash hash = indexer.contentHash(job.collection(), source.blob().content(), source.name());
    if (document.isRestored() && state.documentAt(source.uri()).isPresent()) {
      return Optional.of("a newer version is published");
    }
    if (isUnchanged(state, source, hash)) {
      return Optional.of("unchanged");
    }
    try (BlobStore.LocalFile file = blobs.local(source.blob().key())) {
      IngestTask task =
          new IngestTask(
              job.collection(),
              config.jobs().keepsOriginals() ? source : source.withoutOriginal(),
              file.path(),
              hash,
              running.claim(),
              running::advance,
              running::warn);
      indexer.ingest(task);
    }
    return Optional.empty();
  }

  private static boolean isUnchanged(CollectionState state, DocumentSource source, Hash hash) {
    Optional<LiveDocument> live = state.documentAt(source.uri());
    return live.isPresent()
        && live.get().contentHash().equals(hash)
        && live.get().origin() == source.origin() // or its file's deletion would remove it
        && live.get().metadata().equals(source.metadata())
        && (source.modifiedAt() == null || source.modifiedAt().equals(live.get().modifiedAt()))
        && (source.title() == null || source.title().equals(live.get().title()));
  }

  private String sync(RunningJob running, Path folder, boolean removeMissing) {
    Job job = running.job();
    indexer.existingCollection(job.collection());
    SyncReport report =
        sync.sync(
            job.collection(),
            List.of(folder),
            removeMissing,
            progress ->
                running.advance(
                    new JobProgress(JobState.EMBEDDING, progress.done(), 0, progress.total())));
    return report.summary();
  }

  private String reindex(RunningJob running, long indexNumber) {
    return reindexer.run(
        running.job().collection(), indexNumber, running.claim(), running::advance);
  }
}
