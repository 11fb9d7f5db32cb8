package dev.throng.jobs;

import dev.throng.catalog.BlobStore;
import dev.throng.catalog.ClaimedJob;
import dev.throng.catalog.Job;
import dev.throng.catalog.JobClaim;
import dev.throng.catalog.JobClaims;
import dev.throng.catalog.JobProgress;
import dev.throng.catalog.JobSpec;
import dev.throng.catalog.JobState;
import dev.throng.catalog.Jobs;
import dev.throng.config.IngestConfig;
import dev.throng.core.Backoff;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.folder.FolderSync;
import dev.throng.index.Blocker;
import dev.throng.index.ClaimListener;
import dev.throng.index.Indexer;
import dev.throng.observe.IngestMetrics;
import dev.throng.reindex.Reindexer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of the catalogue: a bounded number simultaneously, with the tenants in turn. While
 * something that all jobs need is unavailable (a full disk, the store, the catalogue), it waits and
 * retries. A failure that a document itself causes fails only that document.
 */
public final class JobRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  /** Poll interval, because other replicas also add jobs without a notification. */
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

  /** Time after which a replica has learned of a collection that another one has created. */
  private static final Duration PROPAGATION_DELAY = Duration.ofMillis(200);

  private static final Duration REQUEUE_INTERVAL = Duration.ofSeconds(2);
  private static final Duration MIN_PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
  private static final Duration OWN_RETRY = Duration.ofSeconds(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_REMEMBERED = 10_000;

  private static final String DONE = JobState.DONE.code();

  private final Jobs jobs;
  private final JobClaims claims;
  private final Indexer indexer;
  private final JobHandler handler;
  private final IngestConfig config;
  private final IngestMetrics metrics;
  private final InstantSource clock;

  private final Semaphore permits;

  /**
   * One reindex at a time, in addition to the other jobs. It may take hours, and no document must
   * wait for it.
   */
  private final Semaphore reindexing = new Semaphore(1);

  private final ConcurrentMap<Long, RunningJob> running = new ConcurrentHashMap<>();

  /** Numbers of the jobs whose documents this process published most recently. */
  private final ConcurrentSkipListSet<Long> published = new ConcurrentSkipListSet<>();

  /** Results of jobs that could not be written to the catalogue; at most one per claimed job. */
  private final Queue<Runnable> pendingReports = new ConcurrentLinkedQueue<>();

  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread dispatcher;
  private final Backoff backoff = new Backoff(MIN_PAUSE, MAX_PAUSE);
  private volatile Blocker blocker = Blocker.NONE;
  private volatile boolean isClosed;
  private volatile Jobs.Open openJobs = Jobs.Open.NONE;

  public JobRunner(
      Jobs jobs,
      BlobStore blobs,
      Indexer indexer,
      FolderSync sync,
      Reindexer reindexer,
      IngestConfig config,
      IngestMetrics metrics,
      InstantSource clock) {
    this.jobs = jobs;
    this.claims = jobs.claims();
    this.indexer = indexer;
    this.handler = new JobHandler(blobs, indexer, sync, reindexer, config);
    this.config = config;
    this.metrics = metrics;
    this.clock = clock;
    this.permits = new Semaphore(config.jobs().workers());
    this.dispatcher = Thread.ofVirtual().name("ingest-dispatcher").unstarted(this::dispatch);
    indexer.onEnd(new Ends());
    jobs.onEnqueue(wakeUps::release);
  }

  /** Starts to run jobs. */
  public void start() {
    dispatcher.start();
  }

  /** Returns the progress of a job that runs in this process; empty for others. */
  Optional<JobProgress> progressOf(Job job) {
    return Optional.ofNullable(running.get(job.number())).map(RunningJob::progress);
  }

  /**
   * Returns whether this process published a job's document, and knows that all replicas know it.
   */
  boolean hasPublished(Job job) {
    return published.contains(job.number());
  }

  /** Stops the work on a job that was cancelled. */
  void stop(Job job) {
    RunningJob here = running.get(job.number());
    if (here != null) {
      here.cancel();
    }
  }

  /** Stops the work on all jobs of a deleted collection. */
  void stopAll(CollectionRef ref) {
    running.values().stream()
        .filter(here -> here.job().collection().equals(ref))
        .forEach(RunningJob::cancel);
  }

  /** Returns the number of jobs that run in this process, for a gauge. */
  public int runningJobs() {
    return running.size();
  }

  /** Returns the jobs of all processes that have not ended, as of a few seconds ago, for gauges. */
  public Jobs.Open openJobs() {
    return openJobs;
  }

  /** Returns what all jobs are waiting for. */
  Blocker blocker() {
    return blocker;
  }

  /** Claims no more jobs, and releases running ones, which are not lost. */
  @Override
  public void close() {
    isClosed = true;
    running.values().forEach(RunningJob::cancel);
    wakeUps.release();
    try {
      if (dispatcher.isAlive()) {
        var _ = dispatcher.join(STOP_PATIENCE);
      }
      var _ =
          permits.tryAcquire(
              config.jobs().workers(), STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      var _ = reindexing.tryAcquire(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      claims.releaseAll();
    } catch (ThrongException e) {
      log.warn("jobs continue when the server is back: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() {
    long requeuedNanos = System.nanoTime() - REQUEUE_INTERVAL.toNanos();
    String lastTenant = "";
    while (!isClosed) {
      try {
        awaitPause();
        flushPendingReports();
        if (System.nanoTime() - requeuedNanos >= REQUEUE_INTERVAL.toNanos()) {
          requeuedNanos = System.nanoTime();
          requeueOrphaned();
        }
        lastTenant = startNext(lastTenant);
      } catch (ThrongException e) {
        pauseFor(e);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.error("jobs could not be claimed, retrying", e);
        pauseFor(e);
      }
    }
  }

  private void requeueOrphaned() {
    openJobs = jobs.open();
    int requeued = claims.requeueOrphaned();
    if (requeued > 0) {
      log.info("{} jobs of a dead process are queued again", requeued);
    }
  }

  /**
   * Starts the next job, or waits briefly when there is none.
   *
   * @return the tenant of the last job
   */
  private String startNext(String lastTenant) throws InterruptedException {
    permits.acquire();
    Optional<ClaimedJob> next = Optional.empty();
    try {
      next = isClosed ? next : claims.claimNext(lastTenant);
    } finally {
      if (next.isEmpty()) {
        permits.release();
      }
    }
    if (next.isEmpty()) {
      var _ = wakeUps.tryAcquire(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      wakeUps.drainPermits();
      return lastTenant;
    }
    start(new RunningJob(next.get(), claims));
    return next.get().job().collection().tenant();
  }

  private void start(RunningJob job) throws InterruptedException {
    running.put(job.job().number(), job);
    if (job.job().spec() instanceof JobSpec.Reindex) {
      permits.release();
      start(job, reindexing::acquireUninterruptibly, reindexing::release);
      return;
    }
    if (job.isSuspect()) { // runs alone, so another crash is its own fault
      permits.acquire(config.jobs().workers() - 1);
      run(job);
      permits.release(config.jobs().workers());
      return;
    }
    start(job, () -> {}, permits::release);
  }

  private void start(RunningJob job, Runnable before, Runnable after) {
    Thread.ofVirtual()
        .name("ingest-" + job.job().id())
        .start(() -> {
          before.run();
          try {
            run(job);
          } finally {
            after.run();
          }
        });
  }

  private void run(RunningJob job) {
    try {
      handler.handle(job).ifPresent(detail -> finish(job, detail));
      backoff.succeeded();
      blocker = Blocker.NONE;
    } catch (RunningJob.ClaimLost e) {
      forget(job.claim());
    } catch (ThrongException e) {
      failed(job, e);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      log.error("job {} failed", job.job().id(), e);
      failed(job, new ThrongException(ErrorCode.INTERNAL, e.toString(), e));
    }
  }

  /** Ends a job that has nothing to publish. */
  private void finish(RunningJob running, String detail) {
    report(() -> claims.finish(running.claim(), running.progress(), detail));
    metrics.ended(running.job().spec().kind(), DONE);
    forget(running.claim());
  }

  private void failed(RunningJob running, ThrongException failure) {
    Job job = running.job();
    String detail = String.valueOf(failure.getMessage());
    ErrorCode code = failure.code();
    if (code == ErrorCode.SHUTTING_DOWN && isClosed) {
      return; // close() releases all claims
    }
    if (code == ErrorCode.UNKNOWN_COLLECTION || indexer.isDeleted(job.collection())) {
      // The collection was deleted, and with it the job, or this replica does not know the
      // collection yet.
      Instant soon = clock.instant().plus(PROPAGATION_DELAY);
      report(() -> claims.retryLater(running.claim(), code, detail, soon, false));
      forget(running.claim());
      return;
    }
    if (code.kind().isTransient()) {
      pauseFor(failure);
      Instant later =
          clock.instant().plus(backoff.pause()); // other jobs first, in case only this one fails
      report(() -> claims.retryLater(running.claim(), code, detail, later, false));
    } else if (code == ErrorCode.INTERNAL && job.tries() + 1 < JobClaims.MAX_TRIES) {
      Instant later = clock.instant().plus(OWN_RETRY.multipliedBy(job.tries() + 1L));
      report(() -> claims.retryLater(running.claim(), code, detail, later, true));
    } else {
      boolean isGivenUp = code == ErrorCode.INTERNAL && job.spec() instanceof JobSpec.Document;
      ErrorCode shown = isGivenUp ? ErrorCode.DOCUMENT_GIVEN_UP : code;
      log.info("job {}: {}: {}", job.id(), shown.code(), detail);
      report(() -> claims.fail(running.claim(), running.progress(), shown, detail));
      metrics.ended(job.spec().kind(), shown.code());
    }
    forget(running.claim());
  }

  /** Pauses all jobs, longer after each consecutive failure. */
  private void pauseFor(RuntimeException failure) {
    if (blocker.isNone()) {
      log.warn("ingest is waiting: {}", failure.getMessage());
    }
    blocker = Blocker.of(failure);
    var _ = backoff.failed();
  }

  private void awaitPause() throws InterruptedException {
    long until = System.nanoTime() + backoff.pause().toNanos();
    while (!isClosed && System.nanoTime() - until < 0) {
      TimeUnit.MILLISECONDS.sleep(Math.min(POLL_INTERVAL.toMillis(), backoff.pause().toMillis()));
    }
  }

  /** Writes the result of a job to the catalogue, now or when it is available again. */
  private void report(Runnable end) {
    try {
      end.run();
    } catch (ThrongException e) {
      pendingReports.add(end);
      pauseFor(e);
    }
  }

  private void flushPendingReports() {
    for (Runnable end = pendingReports.peek(); end != null; end = pendingReports.peek()) {
      end.run();
      pendingReports.remove();
    }
  }

  private void forget(JobClaim claim) {
    running.remove(claim.number());
  }

  private final class Ends implements ClaimListener {
    @Override
    public void ended(JobClaim claim) {
      metrics.ended(JobSpec.Document.KIND, DONE);
      published.add(claim.number());
      published.headSet(claim.number() - MAX_REMEMBERED).clear();
      forget(claim);
    }

    @Override
    public void lost(JobClaim claim, RuntimeException failure) {
      ErrorCode code =
          failure instanceof ThrongException known ? known.code() : ErrorCode.STORE_FAILED;
      String detail = String.valueOf(failure.getMessage());
      report(() -> claims.retryLater(claim, code, detail, Instant.EPOCH, false));
      forget(claim);
    }
  }
}
