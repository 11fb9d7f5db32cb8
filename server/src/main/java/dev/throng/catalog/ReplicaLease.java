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
 * How long a replica may believe what it knows of a shared catalogue. It looks ten times a second;
 * when it could not for half a second, nothing is current until it could again. A publish waits
 * until every other replica has looked after it, or can believe nothing older any more: after it,
 * nobody serves what was before.
 *
 * <p>Each look has three steps. The replica announces a lease, reads, and tells that it has read;
 * only then it believes. In this order a publish either sees the lease and waits for it, or was
 * there before the replica read. No two clocks are compared: the replica counts the lease on its
 * own from before the first step, the database on its own from within it, so the replica's ends
 * first.
 */
final class ReplicaLease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaLease.class);

  static final Duration LEASE = Duration.ofMillis(500);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration CONFIRMATION_POLL = Duration.ofMillis(10);

  /** A request that finds the lease run out waits this long for it. */
  private static final Duration REFRESH_PATIENCE = Duration.ofSeconds(2);

  /** A replica that was not seen for so long is gone, and with it what it was writing. */
  private static final String GONE_AFTER = "interval '60 seconds'";

  /** Replicas that hold a lease, with the asking one's id as its parameter. */
  private static final String OTHERS =
      "SELECT 1 FROM replica WHERE id <> ? AND lease_until > clock_timestamp()";

  /** A condition on {@code v.writer}, with the asking replica's id as its parameter. */
  static final String WRITER_IS_GONE =
      "v.writer <> ? AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.id = v.writer"
          + " AND r.lease_until > clock_timestamp() - "
          + GONE_AFTER
          + ")";

  /** A replica that was not seen for so long has lost its jobs and leases to others. */
  static final String SILENT_AFTER = "interval '5 seconds'";

  /**
   * A condition on a job's worker, with the asking replica's id as its parameter. Sooner than for
   * what a replica writes: it cannot publish under a claim that another one has taken over.
   */
  static final String WORKER_IS_GONE =
      "worker <> ? AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.id = worker"
          + " AND r.lease_until > clock_timestamp() - "
          + SILENT_AFTER
          + ")";

  /**
   * What a look at the database found.
   *
   * @param at when, by the database's clock
   * @param hasNews whether something was different
   */
  record Look(Timestamp at, boolean hasNews) {}

  private final Database database;
  private final String replica;
  private final Supplier<Look> refresh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition renewed = lock.newCondition();
  private final Thread thread;
  private Timestamp refreshedAt = new Timestamp(0);
  private volatile long freshUntilNanos = System.nanoTime();
  private volatile String traits = "";
  private volatile int replicas = 1;
  private volatile String lastFailure = "it was not asked yet";
  private volatile boolean isClosed;

  /**
   * @param replica its name, which no other has or had
   * @param refresh reads what is new, and takes it over
   */
  ReplicaLease(Database database, String replica, Supplier<Look> refresh) {
    this.database = database;
    this.replica = replica;
    this.refresh = refresh;
    this.thread = Thread.ofVirtual().name("catalog-lease").unstarted(this::renewForever);
  }

  /** When the database was asked, by its own clock. */
  static Timestamp now(Handle handle) {
    return handle.createQuery("SELECT now()").mapTo(Timestamp.class).one();
  }

  /**
   * Looks for the first time, and goes on to.
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
   * Returns at once while the lease runs, or waits for it.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  void ensureFresh() {
    if (!isFresh()) {
      awaitRenewal();
    }
  }

  /**
   * Waits until no other replica takes what was before this call for current.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE, SHUTTING_DOWN: it is not known whether they do
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
        thread.join(LEASE); // it would announce the lease again
      }
      database.call(handle -> handle.execute("DELETE FROM replica WHERE id = ?", replica));
    } catch (ThrongException e) {
      log.debug("the lease runs out by itself: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What other replicas are told that this one works with, from the next look on.
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

  /** Every replica that holds a lease, this one too; the oldest first. */
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

  /** How many replicas there were at the last look; those that only look are not counted. */
  int replicaCount() {
    return replicas;
  }

  /** Looks immediately: another replica announced a publish. */
  void lookNow() {
    LockSupport.unpark(thread);
  }

  /** Whether another replica holds a lease. */
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

  /** Whether another replica has a lease that began before {@code published}. */
  private boolean anyBehind(Timestamp published) {
    return database.call(handle ->
        handle
            .createQuery("SELECT EXISTS (" + OTHERS + " AND refreshed_at <= ?)")
            .bind(0, replica)
            .bind(1, published)
            .mapTo(boolean.class)
            .one());
  }

  private boolean isFresh() {
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
          "what is current is not known for more than %d ms: %s"
              .formatted(REFRESH_PATIENCE.toMillis(), lastFailure));
    }
  }

  private void renewForever() {
    while (!isClosed) {
      try {
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
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
    Look look = refresh.get();
    refreshedAt = look.at();
    if (look.hasNews()) {
      announce(); // a publish waits for it; otherwise the next look tells it
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

  /** Counts the servers on the way: one more statement for each look would delay it. */
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
