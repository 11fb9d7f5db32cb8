package dev.throng.jobs;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobState;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.LostDocuments;
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
    return switch (running.job().kind()) {
      case DOCUMENT -> ingestDocument(running);
      case SYNC -> Optional.of(sync(running, false));
      case MIRROR -> Optional.of(sync(running, true));
      case REINDEX -> Optional.of(reindex(running));
    };
  }

  private Optional<String> ingestDocument(RunningJob running) {
    Job job = running.job();
    DocumentSource source = job.source();
    CollectionState state = indexer.existingCollection(job.collection());
    Hash hash = indexer.contentHash(job.collection(), source.blob().content(), source.name());
    if (LostDocuments.isRestoreJob(job) && state.documentAt(source.uri()).isPresent()) {
      return Optional.of("a newer version is published");
    }
    if (isUnchanged(state, source, hash)) {
      return Optional.of("unchanged");
    }
    try (BlobStore.LocalFile file = blobs.local(source.blob().key())) {
      IngestTask task =
          new IngestTask(
              job.collection(),
              config.keepOriginals() ? source : source.withoutOriginal(),
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

  private String sync(RunningJob running, boolean removeMissing) {
    Job job = running.job();
    indexer.existingCollection(job.collection());
    SyncReport report =
        sync.sync(
            job.collection(),
            List.of(Path.of(job.source().uri())),
            removeMissing,
            progress ->
                running.advance(
                    new JobProgress(JobState.EMBEDDING, progress.done(), 0, progress.total())));
    return report.summary();
  }

  private String reindex(RunningJob running) {
    Job job = running.job();
    long indexNumber = Long.parseLong(job.source().uri());
    return reindexer.run(job.collection(), indexNumber, running.claim(), running::advance);
  }
}
