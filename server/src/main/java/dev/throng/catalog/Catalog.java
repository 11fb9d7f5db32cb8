package dev.throng.catalog;

import dev.throng.catalog.CollectionState.Stage;
import dev.throng.config.CatalogConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Listeners;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collections, documents and their versions. The database is the source of truth. The newest {@link
 * CollectionState} of each collection is also in memory, and questions read only that. Where
 * several replicas share the database, a {@link ReplicaLease} limits how long the state in memory
 * is valid.
 */
public final class Catalog implements AutoCloseable {
  private final Database database;
  private final InstantSource clock;
  private final String writer;
  private final KnownStates states = new KnownStates();
  private final CollectionMoves moves;
  private final StateRefresh refresh;
  private final @Nullable ReplicaLease lease;
  private final Jobs jobs;
  private final Listeners<Runnable> publishes = new Listeners<>();

  private Catalog(Database database, InstantSource clock, String writer, boolean isLeased) {
    this.database = database;
    this.clock = clock;
    this.writer = writer;
    this.moves = new CollectionMoves(database, states, clock, this::awaitOthers);
    this.refresh = new StateRefresh(database, states);
    this.lease = isLeased ? new ReplicaLease(database, writer, refresh::refresh) : null;
    this.jobs =
        new Jobs(database, clock, writer, isLeased ? ReplicaLease.WORKER_IS_GONE : "worker <> ?");
  }

  /**
   * Opens the embedded catalogue, and creates or migrates it as needed.
   *
   * @param file the SQLite file; its folder must exist
   */
  public static Catalog openSqlite(Path file, InstantSource clock) {
    // Distinguishes versions that an earlier process was writing from those of this process.
    String writer = "process-" + clock.millis() + "-" + System.nanoTime();
    return open(new Catalog(new SqliteDatabase(file), clock, writer, false));
  }

  /**
   * Opens the catalogue that all replicas share.
   *
   * @param replica the id of this process, which no other process has or had
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  public static Catalog openPostgres(CatalogConfig config, String replica, InstantSource clock) {
    return open(new Catalog(new PostgresDatabase(config), clock, replica, true));
  }

  private static Catalog open(Catalog catalog) {
    try {
      catalog.database.call(handle -> {
        new Migrations(catalog.database).run(handle);
        return true;
      });
      if (catalog.lease == null) {
        catalog.refresh.loadAll();
      } else {
        catalog.lease.begin();
      }
      return catalog;
    } catch (RuntimeException e) {
      catalog.close();
      throw e;
    }
  }

  /**
   * Returns the current collection, or empty when it does not exist. Reads from memory unless the
   * lease has expired.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE when the state in memory may be outdated and cannot
   *     be refreshed
   */
  public Optional<CollectionState> find(CollectionRef ref) {
    ensureCurrent();
    return states.existing(ref);
  }

  /**
   * Returns the current collection. Reads from memory unless the lease has expired.
   *
   * @throws ThrongException UNKNOWN_COLLECTION; CATALOG_UNAVAILABLE as {@link #find}
   */
  public CollectionState state(CollectionRef ref) {
    ensureCurrent();
    return states.existing(ref).orElseThrow(() -> CollectionRows.unknown(ref));
  }

  /**
   * Returns the current collection if clients can see it, which they can from its first published
   * document on.
   *
   * @throws ThrongException UNKNOWN_COLLECTION; CATALOG_UNAVAILABLE as {@link #find}
   */
  public CollectionState published(CollectionRef ref) {
    CollectionState state = state(ref);
    if (!state.isPublished()) {
      throw CollectionRows.unknown(ref);
    }
    return state;
  }

  /** Returns the last known state of every collection of every tenant. */
  public Collection<CollectionState> states() {
    return states.existing();
  }

  /** Like {@link #create(CollectionRef, CollectionSpec, int)}, without a limit on their number. */
  public CollectionState create(CollectionRef ref, CollectionSpec spec) {
    return create(ref, spec, Integer.MAX_VALUE);
  }

  /**
   * Creates the collection. If it exists, it is returned with its existing spec.
   *
   * @param maxOfTenant maximum number of collections of its tenant
   * @throws ThrongException QUOTA_EXCEEDED, COLLECTION_DELETING
   */
  public CollectionState create(CollectionRef ref, CollectionSpec spec, int maxOfTenant) {
    return create(ref, spec, Stage.LIVE, maxOfTenant);
  }

  /**
   * Like {@link #create(CollectionRef, CollectionSpec, int)}, but clients see a new collection only
   * when its first document is published.
   */
  public CollectionState prepare(CollectionRef ref, CollectionSpec spec, int maxOfTenant) {
    return create(ref, spec, Stage.NEW, maxOfTenant);
  }

  private CollectionState create(CollectionRef ref, CollectionSpec spec, Stage stage, int max) {
    return states.keep(
        database.call(handle ->
            handle.inTransaction(transaction -> {
              CollectionRows.create(
                  transaction, ref, spec, stage, max, clock.instant(), database.forUpdate());
              return moves.locked(transaction, ref);
            })));
  }

  /**
   * Records a version that is about to be written, and returns its number. It stays invisible until
   * a publication makes it live. If that never happens, {@link #abandonedVersions} returns it after
   * the next start.
   *
   * @param modifiedAt when the source was last changed, or null when unknown
   */
  public long beginVersion(
      CollectionRef ref,
      String uri,
      String title,
      Hash contentHash,
      Metadata metadata,
      @Nullable Instant modifiedAt) {
    DocumentSource source = new DocumentSource(uri, uri, title, metadata, modifiedAt, Blob.NONE);
    return beginVersion(ref, source, title, contentHash);
  }

  /** Records a version of a document that a client has sent. */
  public long beginVersion(
      CollectionRef ref, DocumentSource source, String title, Hash contentHash) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          CollectionRows.lock(transaction, ref, database.forUpdate());
          return VersionRows.begin(transaction, ref, source, title, contentHash, writer);
        }));
  }

  /**
   * Makes the changes visible and moves the epoch, in one transaction. The chunks of the new
   * versions must be readable before. Returns when no replica considers the previous state current
   * any more. Jobs end in the same transaction. A version whose job was cancelled or taken over is
   * discarded, and is not live in the returned state. If the chunks were written to an index that
   * is no longer the live one, all versions are discarded.
   *
   * @return the state after it
   */
  public CollectionState publish(CollectionRef ref, Publication publication) {
    return moves
        .of(
            List.of(ref),
            (transaction, before, now) -> {
              Publication valid =
                  PublicationWriter.validPart(transaction, publication, before, now);
              Publication held = PublicationWriter.endJobs(transaction, valid, now);
              if (held.isEmpty()) {
                return before;
              }
              CollectionState next = PublicationWriter.apply(before, held, now);
              PublicationWriter.write(transaction, held, now, before, next);
              return next;
            })
        .getFirst();
  }

  /** Takes over a state. Returns when no replica considers the previous one current any more. */
  private CollectionState published(CollectionState state) {
    states.keep(state);
    awaitOthers();
    return state;
  }

  private void awaitOthers() {
    if (lease != null) {
      publishes.tell(Runnable::run);
      lease.awaitOthers();
    }
  }

  /** Returns every version in the database: live, dead, or being written by a replica. */
  public Set<Long> versions(CollectionRef ref) {
    return database.call(handle -> VersionRows.of(handle, ref));
  }

  /**
   * Adds a listener that notifies other replicas of publishes. A notification may be lost, because
   * it only makes the replicas refresh sooner.
   *
   * @param notice called after each publish of this process
   */
  public void onPublish(Runnable notice) {
    publishes.add(notice);
  }

  /** Refreshes immediately, because another process has published. */
  public void lookNow() {
    if (lease != null) {
      lease.lookNow();
    }
  }

  /**
   * Adds a listener for purges.
   *
   * @param purged receives the state of a purged collection before this process acknowledges the
   *     state; must be fast
   */
  public void onPurge(Consumer<CollectionState> purged) {
    states.onPurge(purged);
  }

  /** Returns the operations that purge what is left of deleted documents. */
  public Purges purges() {
    return new Purges(moves, database);
  }

  /** Returns the operations that make cached answers unusable. */
  public AnswerInvalidation invalidation() {
    return new AnswerInvalidation(moves, database);
  }

  /** Returns the operations that delete whole collections. */
  public Deletions deletions() {
    return new Deletions(moves, states, database, clock);
  }

  /** Returns the queue of acknowledged work. */
  public Jobs jobs() {
    return jobs;
  }

  /** Returns the indexes that collections have in addition to their live ones. */
  public CollectionIndexes indexes() {
    return new CollectionIndexes(database, clock, this::published);
  }

  /** Returns the leases for work that one replica does for all. */
  public Leases leases() {
    return new Leases(database, writer);
  }

  /** Returns the store for originals, which are read from copies in the given folder. */
  public BlobStore blobs(Path copies) {
    return new DatabaseBlobs(database, clock, copies);
  }

  /** Returns what is known of the original of a document. */
  public Original originalOf(LiveDocument document) {
    return database.call(handle -> VersionRows.original(handle, document.version()));
  }

  /**
   * Removes documents whose chunks are lost. Those whose originals are stored get jobs, in the same
   * transaction, that ingest them again.
   *
   * @param versions versions that no index has; those that are not live are ignored
   * @return what happens to the documents
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public LostDocuments requeueLost(CollectionRef ref, Set<Long> versions) {
    return LostDocuments.requeue(moves, ref, versions);
  }

  /** Returns versions whose writing was interrupted. Their chunks must be deleted. */
  public Set<Long> abandonedVersions(CollectionRef ref) {
    String isGone = lease == null ? "v.writer <> ?" : ReplicaLease.WRITER_IS_GONE;
    return database.call(handle -> VersionRows.abandoned(handle, ref, isGone, writer));
  }

  /** Removes versions that never became live. */
  public void forgetVersions(Set<Long> versions) {
    database.call(handle ->
        handle.inTransaction(
            transaction -> PublicationWriter.deleteVersions(transaction, versions)));
  }

  /** Returns whether the current state of the documents is known. */
  public boolean isAvailable() {
    return lease == null || lease.isFresh();
  }

  /** Returns whether another process is using this catalogue. */
  public boolean hasOtherReplicas() {
    return lease != null && lease.hasOthers();
  }

  /** Returns the id of this process in the catalogue, which no other process has or had. */
  public String replica() {
    return writer;
  }

  /**
   * Publishes the configuration and model of this replica to the others.
   *
   * @param traits names and values without line ends
   */
  public void describe(Map<String, String> traits) {
    if (lease != null) {
      lease.describe(traits);
    }
  }

  /**
   * Returns every process that is using this catalogue, the oldest first; none where it is not
   * shared.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  public List<Replica> replicas() {
    return lease == null ? List.of() : lease.replicas();
  }

  /** Returns how many servers use this catalogue, including this one, as of the last refresh. */
  public int replicaCount() {
    return lease == null ? 1 : Math.max(1, lease.replicaCount());
  }

  /** Returns what users say about answers. */
  public Feedback feedback() {
    return new Feedback(database, clock);
  }

  /** Returns the backends that operators have taken out of use. */
  public DrainedBackends drainedBackends() {
    return new DrainedBackends(database, clock);
  }

  @Override
  public void close() {
    if (lease != null) {
      lease.close();
    }
    database.close();
  }

  private void ensureCurrent() {
    if (lease != null) {
      lease.ensureFresh();
    }
  }
}
