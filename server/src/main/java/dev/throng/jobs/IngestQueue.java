package dev.throng.jobs;

import dev.throng.catalog.Allowance;
import dev.throng.catalog.Blob;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.IdempotencyKey;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobQuery;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.catalog.Jobs;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.MetadataJson;
import dev.throng.catalog.NewJob;
import dev.throng.catalog.Quota;
import dev.throng.config.IngestConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Ids;
import dev.throng.core.ThrongException;
import dev.throng.index.Blocker;
import dev.throng.index.Indexer;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations of clients on documents: sending, deleting, and following their progress.
 * Acknowledged documents are durable.
 */
public final class IngestQueue {
  private static final Duration UPLOAD_RETRY = Duration.ofSeconds(2);

  private final Catalog catalog;
  private final Jobs jobs;
  private final BlobStore blobs;
  private final Indexer indexer;
  private final JobRunner runner;
  private final IngestConfig config;
  private final Ids ids;
  private final Semaphore uploads;
  private final Function<CollectionRef, Removal> remove;
  private final Set<CollectionRef> followed = ConcurrentHashMap.newKeySet();

  /**
   * Creates the queue.
   *
   * @param remove purges what belonged to a deleted collection
   */
  public IngestQueue(
      Catalog catalog,
      BlobStore blobs,
      Indexer indexer,
      JobRunner runner,
      Function<CollectionRef, Removal> remove,
      IngestConfig config,
      Ids ids) {
    this.catalog = catalog;
    this.jobs = catalog.jobs();
    this.blobs = blobs;
    this.indexer = indexer;
    this.runner = runner;
    this.remove = remove;
    this.config = config;
    this.ids = ids;
    this.uploads = new Semaphore(config.jobs().maxUploads());
  }

  /** One request that sends documents, and what it may still send. Used by one thread. */
  public final class Upload implements AutoCloseable {
    private final Allowance allowance;
    private int documents;
    private long bytes;

    private Upload(Allowance allowance) {
      this.allowance = allowance;
    }

    /**
     * Stores the bytes of one document, if the tenant's limits allow it.
     *
     * @throws ThrongException QUEUE_FULL, QUOTA_EXCEEDED, DOCUMENT_TOO_LARGE, STORAGE_FULL,
     *     STORAGE_FAILED, CATALOG_UNAVAILABLE
     */
    public Blob keep(String name, InputStream content) {
      allowance.check(++documents, bytes);
      long left = allowance.bytes() - bytes;
      try {
        Blob kept = blobs.put(name, content, Math.min(config.parser().maxFileBytes(), left));
        bytes += kept.bytes();
        return kept;
      } catch (ThrongException e) {
        if (e.code() == ErrorCode.DOCUMENT_TOO_LARGE && left < config.parser().maxFileBytes()) {
          allowance.check(documents, Long.MAX_VALUE);
        }
        throw e;
      }
    }

    @Override
    public void close() {
      uploads.release();
    }
  }

  /**
   * Reserves a place for a request before its body is read.
   *
   * @param key the client's Idempotency-Key, or null
   * @throws ThrongException OVERLOADED when too many requests are being received
   */
  public Upload beginUpload(CollectionRef ref, @Nullable String key) {
    if (!uploads.tryAcquire()) {
      throw ThrongException.overloaded(
          "%d uploads are being received, which is the limit".formatted(config.jobs().maxUploads()),
          UPLOAD_RETRY);
    }
    boolean isBegun = false;
    try {
      Upload upload =
          new Upload(jobs.allowance(ref.tenant(), key, quota(), config.jobs().maxOpen()));
      isBegun = true;
      return upload;
    } finally {
      if (!isBegun) {
        uploads.release();
      }
    }
  }

  /** Deletes bytes that were stored for a request that failed. */
  public void discard(List<DocumentSource> sources) {
    blobs.delete(
        sources.stream().map(source -> source.blob().key()).filter(key -> !key.isEmpty()).toList());
  }

  /**
   * Acknowledges documents whose bytes are stored. On return they are durable, and will be ingested
   * whatever happens to this process.
   *
   * @param key the client's Idempotency-Key, or null
   * @return their jobs, or those of the same request before
   * @throws ThrongException UNSUPPORTED_DOCUMENT, QUEUE_FULL, QUOTA_EXCEEDED, IDEMPOTENCY_CONFLICT,
   *     CATALOG_UNAVAILABLE; nothing is acknowledged then
   */
  public List<Job> enqueue(CollectionRef ref, List<DocumentSource> sources, @Nullable String key) {
    List<NewJob> wanted =
        sources.stream()
            .map(source -> new NewJob(ids.next(), JobSpec.Document.sent(ref, source)))
            .toList();
    List<Job> enqueued = add(ref, wanted, key);
    if (!enqueued.getFirst().id().equals(wanted.getFirst().id())) {
      discard(sources); // a repeated request, whose bytes are stored already
    }
    return enqueued;
  }

  /**
   * Acknowledges a request to read a folder of the server.
   *
   * @param mirrors whether documents that are not in it are removed
   */
  public Job enqueueSync(CollectionRef ref, Path folder, boolean mirrors, @Nullable String key) {
    JobSpec spec = mirrors ? new JobSpec.Mirror(folder) : new JobSpec.Sync(folder);
    return add(ref, List.of(new NewJob(ids.next(), spec)), key).getFirst();
  }

  private List<Job> add(CollectionRef ref, List<NewJob> wanted, @Nullable String key) {
    IdempotencyKey named = key == null ? null : new IdempotencyKey(key, hashOf(ref, wanted));
    indexer.ensureCollection(ref);
    try {
      return enqueue(ref, wanted, named);
    } catch (ThrongException e) {
      if (e.code() != ErrorCode.UNKNOWN_COLLECTION) {
        throw e;
      }
      indexer.prepareCollection(ref); // it was deleted between the two steps
      return enqueue(ref, wanted, named);
    }
  }

  private List<Job> enqueue(
      CollectionRef ref, List<NewJob> wanted, @Nullable IdempotencyKey named) {
    return jobs.enqueue(ref, wanted, named, quota(), config.jobs().maxOpen());
  }

  private Quota quota() {
    return new Quota(config.quota().documents(), config.quota().bytes(), config.quota().chunks());
  }

  private static Hash hashOf(CollectionRef ref, List<NewJob> wanted) {
    Hash.Builder hash = new Hash.Builder().add(ref.tenant()).add(ref.name());
    for (NewJob job : wanted) {
      hash.add(job.spec().kind());
      switch (job.spec()) {
        case JobSpec.Document document -> add(hash, document.source());
        case JobSpec.Sync sync -> hash.add(sync.folder().toString());
        case JobSpec.Mirror mirror -> hash.add(mirror.folder().toString());
        case JobSpec.Reindex reindex -> hash.add(reindex.indexNumber());
      }
    }
    return hash.build();
  }

  private static void add(Hash.Builder hash, DocumentSource source) {
    String title = source.title();
    Instant modifiedAt = source.modifiedAt();
    hash.add(source.uri())
        .add(source.name())
        .add(title == null ? "" : title)
        .add(MetadataJson.text(source.metadata()))
        .add(modifiedAt == null ? "" : DateTimeFormatter.ISO_INSTANT.format(modifiedAt))
        .add(source.blob().content());
  }

  /**
   * Deletes a document, including one that is still being ingested. No search that begins after it
   * finds the document.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, UNKNOWN_DOCUMENT
   */
  public void delete(CollectionRef ref, String documentId) {
    CollectionState state = catalog.state(ref);
    List<Job> open = openJobsOf(ref, documentId);
    if (state.documentWithId(documentId).isEmpty() && open.isEmpty()) {
      throw state.unknownDocument(documentId);
    }
    open.forEach(runner::stop);
    jobs.cancelOf(documentId);
    indexer.removeNow(ref, List.of(documentId));
  }

  /**
   * Records that the collection follows a folder on this server. It cannot be deleted then, because
   * the next scan of the folder would restore its documents.
   */
  public void follow(CollectionRef ref) {
    followed.add(ref);
  }

  /**
   * The result of deleting a collection.
   *
   * @param documents number of documents that it had
   */
  public record DeletedCollection(int documents, Removal removal) {}

  /**
   * Deletes a collection with its documents and jobs. No search that begins after it finds anything
   * in it.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, COLLECTION_FOLLOWED
   */
  public DeletedCollection deleteCollection(CollectionRef ref) {
    int documents = catalog.state(ref).byUri().size();
    if (followed.contains(ref)) {
      throw new ThrongException(
          ErrorCode.COLLECTION_FOLLOWED, "collection: \"%s\"".formatted(ref.name()));
    }
    catalog.deletions().begin(ref);
    runner.stopAll(ref);
    indexer.forgetDeleted(ref);
    return new DeletedCollection(documents, remove.apply(ref));
  }

  private List<Job> openJobsOf(CollectionRef ref, String documentId) {
    JobQuery open =
        new JobQuery(ref.name(), JobState.OPEN, documentId, Long.MAX_VALUE, Integer.MAX_VALUE);
    return jobs.list(ref.tenant(), open);
  }

  /**
   * Returns a live document.
   *
   * @throws ThrongException UNKNOWN_COLLECTION, UNKNOWN_DOCUMENT
   */
  public LiveDocument document(CollectionRef ref, String documentId) {
    return catalog.published(ref).document(documentId);
  }

  /**
   * Returns a job, as far as this process knows it.
   *
   * @throws ThrongException UNKNOWN_JOB
   */
  public Job job(String tenant, String id) {
    return jobs.find(tenant, id).map(this::withLocalProgress).orElseThrow(() -> unknownJob(id));
  }

  /** Returns jobs of a tenant, the newest first. */
  public List<Job> jobs(String tenant, JobQuery query) {
    return jobs.list(tenant, query).stream().map(this::withLocalProgress).toList();
  }

  /**
   * Cancels a job that has not ended. One that has ended stays unchanged.
   *
   * @throws ThrongException UNKNOWN_JOB
   */
  public Job cancel(String tenant, String id) {
    Job job = jobs.cancel(tenant, id).orElseThrow(() -> unknownJob(id));
    runner.stop(job);
    return job;
  }

  /**
   * Requeues a job that failed or was cancelled. Other jobs stay unchanged.
   *
   * @throws ThrongException UNKNOWN_JOB
   */
  public Job retry(String tenant, String id) {
    return jobs.retry(tenant, id).map(this::withLocalProgress).orElseThrow(() -> unknownJob(id));
  }

  private static ThrongException unknownJob(String id) {
    return new ThrongException(ErrorCode.UNKNOWN_JOB, "job \"%s\"".formatted(id));
  }

  /**
   * Returns the job with this process's progress. The process that runs a job knows more than the
   * catalogue, which is updated once a second.
   */
  private Job withLocalProgress(Job job) {
    if (job.state() == JobState.DONE && !isSeenEverywhere(job)) {
      return job.stillPublishing();
    }
    if (job.state().isFinished()) {
      return job;
    }
    Job here = runner.progressOf(job).map(job::at).orElse(job);
    Blocker blocker =
        here.state() == JobState.PUBLISHING
            ? indexer.blockerOf(job.collection())
            : runner.blocker();
    return here.code().isEmpty() && !blocker.isNone()
        ? here.waitingFor(blocker.code(), blocker.detail())
        : here;
  }

  /**
   * Returns whether every search finds what a job has published. A job ends in the transaction that
   * publishes, and the processes learn of that slightly later.
   */
  private boolean isSeenEverywhere(Job job) {
    if (runner.progressOf(job).isPresent()) {
      return false; // this process is publishing it
    }
    return runner.hasPublished(job) || !catalog.hasOtherReplicas() || jobs.isSettled(job);
  }
}
