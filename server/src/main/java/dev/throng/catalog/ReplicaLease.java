package dev.throng.catalog;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how long a replica may rely on its state of a shared catalogue. It refreshes ten times a
 * second. If it could not refresh for half a second, no state counts as current until it can again.
 * A publish waits until every other replica has refreshed after it, or can no longer rely on an
 * older state. After the publish, no replica serves the previous state.
 *
 * <p>Each refresh has three steps. The replica announces a lease, reads, and reports that it has
 * read. Only then does it rely on the state. In this order, a publish either sees the lease and
 * waits for it, or happened before the replica read. No two clocks are compared: the replica
 * measures the lease on its own clock from before the first step, and the database measures it on
 * its clock from within that step, so the replica's lease ends first.
 */
final class ReplicaLease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLease.class);

  static final Duration LEASE = Duration.ofMillis(500);
  private static final Duration REFRESH_INTERVAL = Duration.ofMillis(100);
  private static final Duration CONFIRMATION_POLL = Duration.ofMillis(10);

  /** How long a request that finds the lease expired waits for its renewal. */
  private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(2);

  /**
   * A replica that was not seen for this long is considered dead, and so are the versions it was
   * writing.
   */
  private static final String GONE_AFTER = "interval '60 seconds'";

  /** Selects replicas that hold a lease, with this replica's id as the parameter. */
  private static final String OTHERS =
      "SELECT 1 FROM replica WHERE id <> ? AND lease_until > clock_timestamp()";

  /** A condition on {@code v.writer}, with this replica's id as its parameter. */
  static final String WRITER_IS_GONE =
      "v.writer <> ? AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.id = v.writer"
          + " AND r.lease_until > clock_timestamp() - "
          + GONE_AFTER
          + ")";

  /** A replica that was not seen for this long loses its jobs and leases to others. */
  static final String TAKEOVER_AFTER = "interval '5 seconds'";

  /**
   * A condition on a job's worker, with this replica's id as its parameter. The time is shorter
   * than for the versions that a replica writes, because a replica cannot publish under a claim
   * that another one has taken over.
   */
  static final String WORKER_IS_GONE =
      "worker <> ? AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.id = worker"
          + " AND r.lease_until > clock_timestamp() - "
          + TAKEOVER_AFTER
          + ")";

  /**
   * The result of a refresh.
   *
   * @param at its time, by the database's clock
   * @param hasNews whether anything had changed
   */
  record Refreshed(Timestamp at, boolean hasNews) {}

  private final Database database;
  private final String replica;
  private final Supplier<Refreshed> refresh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition renewed = lock.newCondition();
  private final Thread thread;
  private Timestamp refreshedAt = new Timestamp(0);
  private volatile long freshUntilNanos = System.nanoTime();
  private volatile String traits = "";
  private volatile int replicas = 1;
  private volatile String lastFailure = "it was not read yet";
  private volatile boolean isClosed;

  /**
   * Creates a lease.
   *
   * @param replica its id, which no other process has or had
   * @param refresh reads what is new, and takes it over
   */
  ReplicaLease(Database database, String replica, Supplier<Refreshed> refresh) {
    this.database = database;
    this.replica = replica;
    this.refresh = refresh;
    this.thread = Thread.ofVirtual().name("catalog-lease").unstarted(this::renewForever);
  }

  /** Returns the time of the transaction by the database's clock. */
  static Timestamp now(Handle handle) {
    return handle.createQuery("SELECT now()").mapTo(Timestamp.class).one();
  }

  /**
   * Refreshes for the first time, and starts to refresh periodically.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  void begin() {
    database.call(handle ->
        handle.execute(
            "DELETE FROM replica WHERE lease_until < clock_timestamp() - interval '1 hour'"));
    renew();
    thread.start();
  }

  /**
   * Returns immediately while the lease is valid; otherwise waits for it.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  void ensureFresh() {
    if (!isFresh()) {
      awaitRenewal();
    }
  }

  /**
   * Waits until no other replica considers the state before this call current.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE, SHUTTING_DOWN; it is unknown then whether they do
   */
  void awaitOthers() {
    Timestamp published = database.call(ReplicaLease::clock);
    while (anyBehind(published)) {
      try {
        TimeUnit.MILLISECONDS.sleep(CONFIRMATION_POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ThrongException(
            ErrorCode.SHUTTING_DOWN, "interrupted before all replicas knew of a publish", e);
      }
    }
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    try {
      if (thread.isAlive()) {
        thread.join(LEASE); // otherwise it would announce the lease again
      }
      database.call(handle -> handle.execute("DELETE FROM replica WHERE id = ?", replica));
    } catch (ThrongException e) {
      log.debug("the lease will expire by itself: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Sets the configuration and model of this replica that others can read, from the next refresh
   * on.
   *
   * @param described names and values without line ends
   */
  void describe(Map<String, String> described) {
    traits =
        described.entrySet().stream()
            .map(trait -> trait.getKey() + "=" + trait.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));
  }

  /** Returns every replica that holds a lease, including this one, the oldest first. */
  List<Replica> replicas() {
    return database.call(handle ->
        handle
            .createQuery(
                "SELECT id, started_at, traits FROM replica WHERE lease_until > clock_timestamp()"
                    + " ORDER BY started_at, id")
            .map((row, context) ->
                new Replica(
                    row.getString("id"),
                    row.getTimestamp("started_at").toInstant(),
                    parsed(row.getString("traits"))))
            .list());
  }

  private static Map<String, String> parsed(String traits) {
    Map<String, String> parsed = new TreeMap<>();
    traits
        .lines()
        .forEach(line -> {
          int end = line.indexOf('=');
          parsed.put(line.substring(0, end), line.substring(end + 1));
        });
    return Collections.unmodifiableMap(parsed);
  }

  /** Returns how many replicas there were at the last refresh, without processes that only read. */
  int replicaCount() {
    return replicas;
  }

  /** Refreshes immediately, because another replica announced a publish. */
  void lookNow() {
    LockSupport.unpark(thread);
  }

  /** Returns whether another replica holds a lease. */
  boolean hasOthers() {
    return database.call(handle ->
        handle
            .createQuery("SELECT EXISTS (" + OTHERS + ")")
            .bind(0, replica)
            .mapTo(boolean.class)
            .one());
  }

  private static Timestamp clock(Handle handle) {
    return handle.createQuery("SELECT clock_timestamp()").mapTo(Timestamp.class).one();
  }

  /** Returns whether another replica has a lease that began before {@code published}. */
  private boolean anyBehind(Timestamp published) {
    return database.call(handle ->
        handle
            .createQuery("SELECT EXISTS (" + OTHERS + " AND refreshed_at <= ?)")
            .bind(0, replica)
            .bind(1, published)
            .mapTo(boolean.class)
            .one());
  }

  /** Returns whether the state in memory may be used. */
  boolean isFresh() {
    return freshUntilNanos - System.nanoTime() > 0;
  }

  private void awaitRenewal() {
    long nanos = REFRESH_PATIENCE.toNanos();
    lock.lock();
    try {
      while (!isFresh() && nanos > 0) {
        nanos = renewed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(
          ErrorCode.SHUTTING_DOWN, "interrupted while waiting for the catalogue", e);
    } finally {
      lock.unlock();
    }
    if (!isFresh()) {
      throw new ThrongException(
          ErrorCode.CATALOG_UNAVAILABLE,
          "the current state has been unknown for more than %d ms: %s"
              .formatted(REFRESH_PATIENCE.toMillis(), lastFailure));
    }
  }

  private void renewForever() {
    while (!isClosed) {
      try {
        LockSupport.parkNanos(REFRESH_INTERVAL.toNanos());
        if (!isClosed) {
          renew();
        }
      } catch (RuntimeException e) {
        if (!isClosed) {
          note(e);
        }
      }
    }
  }

  private void renew() {
    long startNanos = System.nanoTime();
    announce();
    Refreshed refreshed = refresh.get();
    refreshedAt = refreshed.at();
    if (refreshed.hasNews()) {
      announce(); // a publish waits for this report
    }
    lock.lock();
    try {
      if (!lastFailure.isEmpty() && thread.isAlive()) {
        log.info("the catalogue answers again");
      }
      lastFailure = "";
      freshUntilNanos = startNanos + LEASE.toNanos();
      renewed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Announces the lease. The same statement counts the servers, because an additional one would
   * delay each refresh.
   */
  private void announce() {
    replicas =
        database.call(handle ->
            handle
                .createQuery(
                    "INSERT INTO replica (id, lease_until, refreshed_at, traits)"
                        + " VALUES (?, clock_timestamp() + ? * interval '1 millisecond', ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until,"
                        + " refreshed_at = excluded.refreshed_at, traits = excluded.traits"
                        + " RETURNING (SELECT count(*) FROM replica other WHERE other.traits <> ''"
                        + " AND other.lease_until > clock_timestamp())")
                .bind(0, replica)
                .bind(1, LEASE.toMillis())
                .bind(2, refreshedAt)
                .bind(3, traits)
                .mapTo(int.class)
                .one());
  }

  private void note(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    if (lastFailure.isEmpty()) {
      log.warn("the catalogue does not answer: {}", message);
    }
    lastFailure = message;
  }
}
