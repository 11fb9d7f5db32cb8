package dev.throng.catalog;

import dev.throng.catalog.CollectionState.Stage;
import dev.throng.config.CatalogConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collections, documents and their versions. The database holds the truth; the newest {@link
 * CollectionState} of each collection is also in memory, and questions read that alone. Where
 * several replicas share the database, a {@link ReplicaLease} says how long memory may be believed.
 */
public final class Catalog implements AutoCloseable {

  private final Database database;
  private final InstantSource clock;
  private final String writer;
  private final KnownStates states = new KnownStates();
  private final CollectionMoves moves;
  private final @Nullable ReplicaLease lease;
  private final Jobs jobs;
  private volatile Runnable onPublish = () -> {};

  private Catalog(Database database, InstantSource clock, String writer, boolean isLeased) {
    this.database = database;
    this.clock = clock;
    this.writer = writer;
    this.moves = new CollectionMoves(database, states, clock, this::awaitOthers);
    this.lease = isLeased ? new ReplicaLease(database, writer, this::refresh) : null;
    this.jobs =
        new Jobs(database, clock, writer, isLeased ? ReplicaLease.WORKER_IS_GONE : "worker <> ?");
  }

  /**
   * Opens the embedded catalogue, creating or migrating it as needed.
   *
   * @param file the SQLite file; its folder must exist
   */
  public static Catalog openSqlite(Path file, InstantSource clock) {
    // Versions that an earlier process was writing have another writer than this one's.
    String writer = "process-" + clock.millis() + "-" + System.nanoTime();
    return open(new Catalog(new SqliteDatabase(file), clock, writer, false));
  }

  /**
   * Opens the catalogue that all replicas share.
   *
   * @param replica this process, by a name that no other has or had
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
        catalog
            .database
            .snapshot(handle -> StateReader.changes(handle, Map.of()))
            .changed()
            .forEach(catalog.states::keep);
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
   * The collection as of now; empty when it does not exist. In memory, unless the lease has run
   * out.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE when what is known may be old, and cannot be
   *     refreshed
   */
  public Optional<CollectionState> find(CollectionRef ref) {
    ensureCurrent();
    return states.existing(ref);
  }

  /**
   * The collection as of now. In memory, unless the lease has run out.
   *
   * @throws ThrongException UNKNOWN_COLLECTION; CATALOG_UNAVAILABLE as {@link #find}
   */
  public CollectionState state(CollectionRef ref) {
    ensureCurrent();
    return states.existing(ref).orElseThrow(() -> CollectionRows.unknown(ref));
  }

  /**
   * The collection as of now, if clients see it: from its first published document on.
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

  /** Every collection of every tenant, as it was known last. */
  public Collection<CollectionState> states() {
    return states.existing();
  }

  /** As {@link #create(CollectionRef, CollectionSpec, int)}, however many there are. */
  public CollectionState create(CollectionRef ref, CollectionSpec spec) {
    return create(ref, spec, Integer.MAX_VALUE);
  }

  /**
   * Creates the collection, or returns it as it is when it exists; its spec then stays what it was.
   *
   * @param maxOfTenant collections that its tenant may have
   * @throws ThrongException QUOTA_EXCEEDED, COLLECTION_DELETING
   */
  public CollectionState create(CollectionRef ref, CollectionSpec spec, int maxOfTenant) {
    return create(ref, spec, Stage.LIVE, maxOfTenant);
  }

  /**
   * As {@link #create(CollectionRef, CollectionSpec, int)}; but clients see a collection that is
   * made by it only when the first document is published in it.
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
   * Notes a version that is about to be written, and gives it its number. It stays invisible until
   * a publication makes it live; if that never comes, {@link #abandonedVersions} names it after the
   * next start.
   *
   * @param modifiedAt when the source was last changed, or null when nobody knows
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

  /** As above, of what a client has sent. */
  public long beginVersion(
      CollectionRef ref, DocumentSource source, String title, Hash contentHash) {
    return database.call(handle ->
        handle.inTransaction(transaction -> {
          CollectionRows.lock(transaction, ref, database.forUpdate());
          return VersionRows.begin(transaction, ref, source, title, contentHash, writer);
        }));
  }

  /**
   * Makes the changes visible and moves the epoch, in one transaction. Chunks of the new versions
   * must be readable before. Returns when no replica takes the state before it for current any
   * more. Jobs end in the same transaction; a version whose job was cancelled or taken over is left
   * out, and so not live in the state that is returned. So are all, when their chunks are in an
   * index that is not the live one any more.
   *
   * @return the state after it
   */
  public CollectionState publish(CollectionRef ref, Publication publication) {
    Instant now = clock.instant();
    CollectionState published =
        database.call(handle ->
            handle.inTransaction(transaction -> {
              CollectionState before = moves.locked(transaction, ref);
              Publication fitting =
                  PublicationWriter.fitting(transaction, publication, before, now);
              Publication held = PublicationWriter.endJobs(transaction, fitting, now);
              if (held.isEmpty()) {
                return before;
              }
              CollectionState next = PublicationWriter.apply(before, held, now);
              PublicationWriter.write(transaction, held, now, before, next);
              return next;
            }));
    return published(published);
  }

  /** Takes a state over; returns when no replica takes the one before it for current any more. */
  private CollectionState published(CollectionState state) {
    states.keep(state);
    awaitOthers();
    return state;
  }

  private void awaitOthers() {
    if (lease != null) {
      onPublish.run();
      lease.awaitOthers();
    }
  }

  /**
   * Makes answers to a question unusable, whatever they were asked with. Returns when no replica
   * gives one any more that was generated before.
   *
   * @param question the hash of its text
   * @return the state after it; all of the collection is invalidated where too much of it was
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public CollectionState invalidateQuestion(CollectionRef ref, Hash question) {
    return invalidate(List.of(ref), question.hex()).getFirst();
  }

  /** As {@link #invalidateQuestion}, for answers that were made from a document. */
  public CollectionState invalidateDocument(CollectionRef ref, String documentId) {
    return invalidate(List.of(ref), documentId).getFirst();
  }

  /** As {@link #invalidateQuestion}, for all answers of a collection. */
  public CollectionState invalidateCollection(CollectionRef ref) {
    return invalidate(List.of(ref), Invalidations.WHOLE).getFirst();
  }

  /** As {@link #invalidateQuestion}, for all answers of all collections of all tenants. */
  public List<CollectionState> invalidateAll() {
    return invalidate(database.call(InvalidationWriter::collections), Invalidations.WHOLE);
  }

  private List<CollectionState> invalidate(List<CollectionRef> refs, String target) {
    return moves.of(
        refs,
        (transaction, before, now) -> {
          CollectionState after = InvalidationWriter.apply(before, target, now);
          InvalidationWriter.write(transaction, before, after);
          return after;
        });
  }

  /** Every version that the database knows now: live, dead, or being written by a replica. */
  public Set<Long> versions(CollectionRef ref) {
    return database.call(handle -> VersionRows.of(handle, ref));
  }

  /**
   * Tells others of publishes. A notice may be lost: it makes them look sooner, and nothing else.
   *
   * @param notice called after each publish of this process
   */
  public void onPublish(Runnable notice) {
    onPublish = notice;
  }

  /** Another process says that it has published. */
  public void lookNow() {
    if (lease != null) {
      lease.lookNow();
    }
  }

  /**
   * @param purged takes the state of a collection that was purged, before this process tells
   *     anybody that it knows; must be quick
   */
  public void onPurge(Consumer<CollectionState> purged) {
    states.onPurge(purged);
  }

  /** Removes for good what belongs to documents that are gone. */
  public Purges purges() {
    return new Purges(moves, database);
  }

  /** Deletes whole collections. */
  public Deletions deletions() {
    return new Deletions(moves, states, database, clock);
  }

  /** The queue of what was acknowledged. */
  public Jobs jobs() {
    return jobs;
  }

  /** The indexes that collections have beside their live ones. */
  public Generations generations() {
    return new Generations(database, clock, this::published);
  }

  /** Work that one replica does for all. */
  public Leases leases() {
    return new Leases(database, writer);
  }

  /** Where originals are kept when replicas share no folder; read from copies in this one. */
  public BlobStore blobs(Path copies) {
    return new DatabaseBlobs(database, clock, copies);
  }

  /** What a document was made from, as far as it is known. */
  public Original originalOf(LiveDocument document) {
    return database.call(handle -> VersionRows.original(handle, document.version()));
  }

  /**
   * Takes documents out whose chunks are lost. Those whose originals are kept get jobs, in the same
   * transaction, that take them in again.
   *
   * @param versions that no index has; those that are not live are passed over
   * @return what becomes of them
   * @throws ThrongException UNKNOWN_COLLECTION, CATALOG_UNAVAILABLE
   */
  public LostDocuments requeueLost(CollectionRef ref, Set<Long> versions) {
    return LostDocuments.takeOut(moves, ref, versions);
  }

  /** Versions whose writing was cut off by a crash; their chunks must go from the index. */
  public Set<Long> abandonedVersions(CollectionRef ref) {
    String isGone = lease == null ? "v.writer <> ?" : ReplicaLease.WRITER_IS_GONE;
    return database.call(handle -> VersionRows.abandoned(handle, ref, isGone, writer));
  }

  /** Forgets versions that never became live. */
  public void forgetVersions(Set<Long> versions) {
    database.call(handle ->
        handle.inTransaction(
            transaction -> PublicationWriter.deleteVersions(transaction, versions)));
  }

  /** Whether another process uses this catalogue now. */
  public boolean hasOtherReplicas() {
    return lease != null && lease.hasOthers();
  }

  /** Names this process to others that use the catalogue; no other has or had the name. */
  public String replica() {
    return writer;
  }

  /**
   * Tells other replicas what this one works with.
   *
   * @param traits names and values without line ends
   */
  public void describe(Map<String, String> traits) {
    if (lease != null) {
      lease.describe(traits);
    }
  }

  /**
   * Every process that uses this catalogue now, the oldest first; none where it is not shared.
   *
   * @throws ThrongException CATALOG_UNAVAILABLE
   */
  public List<Replica> replicas() {
    return lease == null ? List.of() : lease.replicas();
  }

  /** How many servers use this catalogue, this one included; as of a moment ago. */
  public int replicaCount() {
    return lease == null ? 1 : Math.max(1, lease.replicaCount());
  }

  /** URLs of backends that an operator has taken out of use. */
  public Set<String> drainedBackends() {
    return database.call(handle ->
        new HashSet<>(
            handle.createQuery("SELECT url FROM drained_backend").mapTo(String.class).list()));
  }

  /** Takes a backend out of use, or back into it. */
  public void drainBackend(String url, boolean isDrained) {
    database.call(handle ->
        isDrained
            ? handle.execute(
                "INSERT INTO drained_backend (url, since) VALUES (?, ?) ON CONFLICT (url) DO NOTHING",
                url,
                clock.instant().toEpochMilli())
            : handle.execute("DELETE FROM drained_backend WHERE url = ?", url));
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

  /** Takes over what the database knows better than memory. */
  private ReplicaLease.Look refresh() {
    Map<CollectionRef, CollectionState> known = states.all();
    record Read(Timestamp at, StateReader.Changes changes) {}
    Read read =
        database.snapshot(
            handle -> new Read(ReplicaLease.now(handle), StateReader.changes(handle, known)));
    read.changes().gone().forEach(states::forget);
    for (CollectionState state : read.changes().changed()) {
      CollectionState before = known.get(state.ref());
      states.keep(
          before != null && before.epoch() > state.epoch()
              ? LostPublishes.movedOn(database, before)
              : state);
    }
    return new ReplicaLease.Look(read.at(), !read.changes().isEmpty());
  }
}
