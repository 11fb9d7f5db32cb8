package dev.throng.folder;

import dev.throng.catalog.Leases;
import dev.throng.config.IngestConfig;
import dev.throng.core.Backoff;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a collection equal to a folder. When the system reports changes, and then none for a
 * moment, the whole folder is scanned. Unchanged files are not read. The folder is also scanned
 * periodically, for file systems that report nothing. Of the replicas that are configured to follow
 * the same folder, the one that holds the lease does so.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);

  /** Maximum wait for changes to stop, as a multiple of the debounce time. */
  private static final int MAX_DEBOUNCES = 10;

  private static final Duration LEASE_POLL = Duration.ofSeconds(1);
  private static final Duration MIN_PAUSE = Duration.ofMillis(500);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final int SHOWN_FAILURES = 20;

  private final FolderSync sync;
  private final Leases leases;
  private final CollectionRef ref;
  private final Path folder;
  private final IngestConfig config;
  private final InstantSource clock;
  private final FileMemory memory;
  private final FolderEvents events = new FolderEvents();
  private final PolledLease lease;
  private final PolledLease firstLease;
  private final Thread thread;
  private volatile Map<String, FileFailure> failures = Map.of();
  private final Backoff backoff = new Backoff(MIN_PAUSE, MAX_PAUSE);
  private volatile boolean isClosed;

  /**
   * Creates the watch.
   *
   * @param folder other replicas follow the same folder if it has the same path
   * @param notes records the folder's identity across restarts
   */
  public FolderWatch(
      FolderSync sync,
      Leases leases,
      CollectionRef ref,
      Path folder,
      IngestConfig config,
      Path notes,
      InstantSource clock) {
    this.sync = sync;
    this.leases = leases;
    this.ref = ref;
    this.folder = folder.toAbsolutePath().normalize();
    String collection = ref.tenant() + "/" + ref.name();
    Hash name = new Hash.Builder().add(collection).add(this.folder.toString()).build();
    this.memory = new FileMemory(notes.resolve(name.hex()));
    this.config = config;
    this.clock = clock;
    this.lease = new PolledLease("watch:" + collection + ":" + this.folder);
    this.firstLease = new PolledLease("first:" + collection + ":" + this.folder);
    this.thread = Thread.ofVirtual().name("folder-watch").unstarted(this::followUntilClosed);
  }

  /** A lease that is renewed at most once per interval. */
  private final class PolledLease implements BooleanSupplier {
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean isHeld;
    private volatile long askedNanos = System.nanoTime() - LEASE_POLL.toNanos();

    PolledLease(String name) {
      this.name = name;
    }

    /**
     * Returns whether this process may continue. A caller that arrives while another one renews the
     * lease gets the last result.
     */
    @Override
    public boolean getAsBoolean() {
      if (System.nanoTime() - askedNanos >= LEASE_POLL.toNanos() && lock.tryLock()) {
        try {
          isHeld = leases.hold(name);
          askedNanos = System.nanoTime();
        } finally {
          lock.unlock();
        }
      }
      return isHeld && !isClosed;
    }

    void release() {
      if (isHeld) {
        try {
          leases.release(name);
        } catch (ThrongException e) {
          log.debug("the lease {} will expire by itself: {}", name, e.getMessage());
        }
        isHeld = false;
      }
    }
  }

  /**
   * Reads the folder for the first time. Replicas do so one after another, and find the documents
   * that the first one has read unchanged. While the shared store or catalogue is unavailable, it
   * waits.
   *
   * @throws ThrongException SHUTTING_DOWN when it is closed in the meantime; other failures that
   *     prevent access to the server's own files
   */
  public SyncReport first(Consumer<SyncProgress> progress) throws InterruptedException {
    Following following = new Following(memory, Duration.ZERO, (each, key) -> {}, firstLease);
    boolean isWaiting = false;
    while (!isClosed) {
      try {
        if (firstLease.getAsBoolean()) {
          SyncReport report = sync.follow(ref, folder, following, clock.instant(), progress);
          failures = byUri(report.failures()); // the caller reports them
          return report;
        }
        if (!isWaiting) {
          isWaiting = true;
          log.info("another replica is reading {}, waiting for it to finish", folder);
        }
        Thread.sleep(LEASE_POLL);
      } catch (SyncStopped e) {
        log.info("the first sync of {} was stopped", folder);
      } catch (ThrongException e) {
        boolean isAway =
            e.code() == ErrorCode.STORE_UNAVAILABLE || e.code() == ErrorCode.CATALOG_UNAVAILABLE;
        if (!isAway) {
          throw e;
        }
        Thread.sleep(longerPause(e));
      } finally {
        firstLease.release();
      }
    }
    throw new ThrongException(ErrorCode.SHUTTING_DOWN, "closed before the folder was read");
  }

  /** Starts to follow the folder. */
  public void start() {
    thread.start();
  }

  /**
   * Returns the number of files and folders that could not be read in the last scan, for a gauge.
   */
  public int failures() {
    return failures.size();
  }

  /** Stops at the next file. Files that were already read are published. */
  @Override
  public void close() {
    isClosed = true;
    events.close();
    try {
      if (thread.isAlive() && !thread.join(STOP_PATIENCE)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lease.release();
  }

  private void followUntilClosed() {
    boolean isFollowing = false;
    while (!isClosed) {
      try {
        boolean isHeld = lease.getAsBoolean();
        if (isHeld != isFollowing && !isClosed) {
          isFollowing = isHeld;
          log.info(isHeld ? "following {}" : "{} is now followed by another replica", folder);
        }
        if (isHeld) {
          awaitChange(scan());
        } else {
          var _ = events.await(LEASE_POLL);
        }
      } catch (SyncStopped e) {
        log.debug("a scan of {} was stopped", folder);
      } catch (InterruptedException e) {
        return; // closed
      } catch (RuntimeException e) {
        pauseAfter(e);
      }
    }
  }

  /**
   * Scans the whole folder.
   *
   * @return when to scan again if no change is reported
   */
  private Duration scan() {
    Following following = new Following(memory, config.watch().debounce(), events::watch, lease);
    SyncReport report = sync.follow(ref, folder, following, clock.instant(), progress -> {});
    events.endScan();
    if (report.added() + report.changed() + report.removed() > 0) {
      log.info("{}: {}", folder, report.counts());
    }
    note(report.failures());
    for (FileFailure failure : report.failures()) {
      if (failure.code().kind().isTransient()) {
        return longerPause(
            new ThrongException(failure.code(), failure.uri() + ": " + failure.detail()));
      }
    }
    if (backoff.isFailing()) {
      backoff.succeeded();
      log.info("{} is followed again", folder);
    }
    return report.unsettled() > 0 ? config.watch().debounce() : config.watch().rescan();
  }

  /**
   * Waits until something has changed and the changes have stopped, at most until the next scan.
   */
  private void awaitChange(Duration time) throws InterruptedException {
    long due = System.nanoTime() + time.toNanos();
    while (lease.getAsBoolean() && due - System.nanoTime() > 0) {
      Duration left = Duration.ofNanos(Math.min(LEASE_POLL.toNanos(), due - System.nanoTime()));
      if (left.isPositive() && events.await(left)) {
        settle();
        return;
      }
    }
  }

  private void settle() throws InterruptedException {
    Duration debounce = config.watch().debounce();
    long latest = System.nanoTime() + debounce.multipliedBy(MAX_DEBOUNCES).toNanos();
    boolean isChanging = true;
    while (isChanging && !isClosed && latest - System.nanoTime() > 0) {
      isChanging = events.await(debounce);
    }
  }

  /** Logs new failures. Each failure is logged once, and again when it changes. */
  private void note(List<FileFailure> now) {
    Map<String, FileFailure> before = failures;
    int reported = 0;
    int unreported = 0;
    for (FileFailure failure : now) {
      if (failure.equals(before.get(failure.uri()))) {
        continue;
      }
      if (reported++ < SHOWN_FAILURES) {
        log.warn("{}: not read: {}: {}", folder, failure.code().code(), failure.detail());
      } else {
        unreported++;
      }
    }
    if (unreported > 0) {
      log.warn("{}: {} more files were not read", folder, unreported);
    }
    failures = byUri(now);
  }

  private static Map<String, FileFailure> byUri(List<FileFailure> failures) {
    Map<String, FileFailure> byUri = new HashMap<>();
    failures.forEach(failure -> byUri.put(failure.uri(), failure));
    return Map.copyOf(byUri);
  }

  private void pauseAfter(RuntimeException failure) {
    if (failure instanceof ThrongException classified) {
      sleepQuietly(longerPause(classified));
    } else {
      log.error("{} could not be scanned, retrying", folder, failure);
      sleepQuietly(MAX_PAUSE);
    }
  }

  private void sleepQuietly(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    try {
      while (!isClosed && until - System.nanoTime() > 0) {
        Thread.sleep(Math.min(MIN_PAUSE.toMillis(), time.toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns a longer pause. An unavailable service is called at increasing intervals, and the
   * failure is logged only once until it recovers.
   */
  private Duration longerPause(ThrongException failure) {
    if (!backoff.isFailing() && !isClosed) {
      log.warn("reading of {} is waiting: {}", folder, failure.getMessage());
    }
    return backoff.failed();
  }
}
