package dev.throng.janitor;

import dev.throng.answer.AnswerPurge;
import dev.throng.answer.AnswerPurge.Dropped;
import dev.throng.catalog.BlobStore;
import dev.throng.catalog.Catalog;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Purges;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.index.Indexer;
import dev.throng.jobs.Removal;
import dev.throng.reindex.OtherIndexes;
import dev.throng.store.ChunkIndex.Expunged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges everything that belongs to documents and versions that are not live, at every place, while
 * questions are answered and documents are ingested. Each step is derived from what is live, so an
 * interrupted purge is completed by the next one.
 *
 * <p>The order is: chunks before the rows that refer to them; originals before the rows that name
 * them; the memory of every replica, as part of the transaction that removes the rows; and finally
 * what replicas share, when none of them adds to it any more.
 */
public final class Purge {
  private static final Logger log = LoggerFactory.getLogger(Purge.class);

  /**
   * What was removed at one place.
   *
   * @param removed how many
   * @param unit the unit of {@code removed}
   * @param left what may still contain some of it, and until when; "" for nothing
   */
  public record PurgedPlace(String name, long removed, String unit, String left) {}

  /**
   * The result of a purge.
   *
   * @param collections the purged collections after it
   * @param failures what could not be done; the next purge does it
   */
  public record Report(
      List<CollectionState> collections, List<PurgedPlace> places, List<String> failures) {}

  /** How long a deletion waits for a purge that is under way. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Minimum interval between two deletions that rewrite the database's files. */
  private static final Duration REWRITE_INTERVAL = Duration.ofMinutes(10);

  private final Catalog catalog;
  private final Indexer indexer;
  private final OtherIndexes otherIndexes;
  private final BlobStore originals;
  private final Leftovers leftovers;
  private final AnswerPurge answers;
  private final CollectionRemoval removal;
  private final ReentrantLock running = new ReentrantLock();
  private boolean hasRewritten;
  private long rewrittenNanos;

  public Purge(
      Catalog catalog,
      Indexer indexer,
      BlobStore originals,
      Leftovers leftovers,
      AnswerPurge answers) {
    this.catalog = catalog;
    this.indexer = indexer;
    this.otherIndexes = new OtherIndexes(catalog, indexer);
    this.originals = originals;
    this.leftovers = leftovers;
    this.answers = answers;
    this.removal = new CollectionRemoval(catalog, originals, leftovers, answers);
  }

  /**
   * Purges every collection of every tenant, and completes interrupted deletions of collections.
   */
  public Report all() {
    return run(
        true,
        catalog.states().stream()
            .map(CollectionState::ref)
            .sorted(Comparator.comparing(CollectionRef::toString))
            .toList());
  }

  /**
   * Purges one collection.
   *
   * @throws ThrongException UNKNOWN_COLLECTION
   */
  public Report one(CollectionRef ref) {
    return run(false, List.of(catalog.state(ref).ref()));
  }

  /**
   * Purges what belonged to a deleted collection. Anything that cannot be done now is done by the
   * sweep or by a purge.
   */
  public Removal finish(CollectionRef ref) {
    if (!lockFor(PATIENCE)) {
      return Removal.LATER;
    }
    try {
      for (CollectionState deleted : removal.unfinished()) {
        if (deleted.ref().equals(ref)) {
          removal.remove(deleted);
        }
      }
      return new Removal(true, rewriteIfDue());
    } catch (ThrongException e) {
      log.warn(
          "{} is deleted, but its data is not completely removed yet: {}", ref, e.getMessage());
      return Removal.LATER;
    } finally {
      running.unlock();
    }
  }

  /** Completes deletions of collections that were interrupted, for example by a crash. */
  public void finishAll() {
    if (!lockFor(Duration.ZERO)) {
      return; // the running purge does it
    }
    try {
      for (CollectionState deleted : removal.unfinished()) {
        removal.remove(deleted);
        log.info("{}: the deletion is complete", deleted.ref());
      }
    } catch (ThrongException e) {
      log.warn("the data of a deleted collection is not removed yet: {}", e.getMessage());
    } finally {
      running.unlock();
    }
  }

  private boolean lockFor(Duration patience) {
    try {
      return running.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Rewrites the files at most once per interval. A client may delete many collections in sequence,
   * and all other calls wait for a rewrite.
   */
  private String rewriteIfDue() {
    long now = System.nanoTime();
    if (hasRewritten && now - rewrittenNanos < REWRITE_INTERVAL.toNanos()) {
      return "free space in the database's files, until the next purge";
    }
    String left = catalog.purges().rewriteFiles();
    hasRewritten = true;
    rewrittenNanos = System.nanoTime();
    return left;
  }

  private Report run(boolean isAll, List<CollectionRef> refs) {
    running.lock(); // serialized: two would wait for each other's files
    try {
      Work work = new Work();
      if (isAll) {
        work.attempt("deleted collections", work::finishDeletions);
      }
      refs.forEach(work::purge);
      work.attempt("indexes", () -> leftovers.deleteDroppedIndexes(Duration.ZERO));
      work.attempt("originals", () -> work.deleted += leftovers.deleteOriginals());
      work.clearShared();
      work.attempt("catalogue", () -> work.rowsLeft = catalog.purges().rewriteFiles());
      Report report = work.report();
      log.info(
          "purged {} collections, {} failures",
          report.collections().size(),
          report.failures().size());
      return report;
    } finally {
      running.unlock();
    }
  }

  /** A purge in progress. */
  private final class Work {
    private final Purges purges = catalog.purges();
    private final List<CollectionState> purged = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> chunksLeft = new ArrayList<>();
    private long chunkVersions;
    private long chunks;
    private long versions;
    private long jobs;
    private long said;
    private long deleted;
    private long entries;
    private long flights;
    private long sharedKeys;
    private String rowsLeft = "";

    void purge(CollectionRef ref) {
      attempt(
          ref.toString(),
          () -> {
            Set<Long> dead = indexer.deleteDead(ref);
            Expunged expunged = indexer.indexOf(ref).expunge();
            chunkVersions += dead.size();
            chunks += expunged.chunks();
            if (!expunged.left().isEmpty() && !chunksLeft.contains(expunged.left())) {
              chunksLeft.add(expunged.left());
            }
            failures.addAll(otherIndexes.expunge(ref));
            purges.retireJobs(ref);
            Set<String> spent = purges.originalsOf(ref, dead);
            originals.delete(spent);
            deleted += spent.size();
            Purges.Removed removed = purges.remove(ref, dead);
            versions += removed.versions();
            jobs += removed.jobs();
            said += catalog.feedback().purge(ref, removed.state().liveDocuments());
            Dropped dropped = answers.droppedHere(ref);
            entries += dropped.entries();
            flights += dropped.flights();
            purged.add(removed.state());
          });
    }

    void finishDeletions() {
      for (CollectionState each : removal.unfinished()) {
        CollectionRemoval.Removed removed = removal.remove(each);
        versions += removed.versions();
        jobs += removed.jobs();
        deleted += removed.originals();
      }
    }

    void clearShared() {
      OptionalLong keys = answers.clearShared(purged);
      sharedKeys = keys.orElse(0);
      if (keys.isEmpty()) {
        failures.add("redis: does not answer");
      }
    }

    /**
     * Runs a step. A failure is reported, and the other steps continue, because each is useful by
     * itself.
     */
    void attempt(String what, Runnable step) {
      try {
        step.run();
      } catch (ThrongException e) {
        log.warn("purge, {}: {}", what, e.getMessage());
        failures.add(what + ": " + e.getMessage());
      }
    }

    Report report() {
      return new Report(
          List.copyOf(purged),
          List.of(
              new PurgedPlace("index", chunkVersions, "versions", ""),
              new PurgedPlace("index files", chunks, "chunks", String.join("; ", chunksLeft)),
              new PurgedPlace("catalogue", versions, "versions", rowsLeft),
              new PurgedPlace("jobs", jobs, "jobs", ""),
              new PurgedPlace("feedback", said, "entries", ""),
              new PurgedPlace("originals", deleted, "originals", ""),
              new PurgedPlace("answers", entries, "entries", ""),
              new PurgedPlace("flights", flights, "flights", ""),
              new PurgedPlace("redis", sharedKeys, "keys", "")),
          List.copyOf(failures));
    }
  }
}
