package dev.throng.reindex;

import dev.throng.catalog.CollectionIndex.Built;
import dev.throng.catalog.CollectionIndexes;
import dev.throng.catalog.JobClaim;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.EmbeddedChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fills an index in addition to the live one. The catalogue records versions as complete after the
 * index has committed them, so an interrupted build continues where it was.
 */
final class IndexBuild {
  private static final int COMMIT_CHUNKS = 2_000;
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(5);

  private final CollectionIndexes indexes;
  private final ChunkIndex index;
  private final CollectionRef ref;
  private final long number;
  private final JobClaim claim;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Long> whole;
  private final List<Built> uncommitted = new ArrayList<>();
  private int chunksSinceCommit;
  private long committedNanos = System.nanoTime();

  /** Why nothing more may be written, or null. */
  private @Nullable RuntimeException end;

  /**
   * Continues from what an earlier build has left.
   *
   * @param claim of the job that builds it; no other build may be running
   */
  IndexBuild(
      CollectionIndexes indexes, ChunkIndex index, CollectionRef ref, long number, JobClaim claim) {
    this.indexes = indexes;
    this.index = index;
    this.ref = ref;
    this.number = number;
    this.claim = claim;
    this.whole = indexes.built(ref, number);
    Set<Long> indexed = index.versions();
    Set<Long> lost = new HashSet<>(whole);
    lost.removeAll(indexed);
    indexes.forget(ref, number, lost);
    whole.removeAll(lost);
    indexed.removeAll(whole);
    delete(indexed); // incomplete versions
  }

  /** Returns whether all chunks of a version are in it, or will be with the next commit. */
  boolean has(long version) {
    lock.lock();
    try {
      return whole.contains(version);
    } finally {
      lock.unlock();
    }
  }

  /** Adds chunks of a version that is not complete yet. */
  void write(List<EmbeddedChunk> chunks) {
    lock.lock();
    try {
      if (end != null) {
        throw end;
      }
      runChange(() -> index.write(chunks));
      chunksSinceCommit += chunks.size();
    } finally {
      lock.unlock();
    }
  }

  /** Records that all chunks of a version were written. */
  void complete(Built version) {
    lock.lock();
    try {
      uncommitted.add(version);
      boolean isTime = System.nanoTime() - committedNanos > COMMIT_INTERVAL.toNanos();
      if (isTime || chunksSinceCommit >= COMMIT_CHUNKS) {
        commit();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes complete versions durable. */
  void commit() {
    lock.lock();
    try {
      runChange(index::commit);
      indexes.note(ref, number, uncommitted, claim);
      uncommitted.forEach(version -> whole.add(version.version()));
      uncommitted.clear();
      chunksSinceCommit = 0;
      committedNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Removes versions that are no longer live and will never be again. */
  void keepOnly(Set<Long> live) {
    lock.lock();
    try {
      Set<Long> gone = new HashSet<>(index.versions());
      gone.removeAll(live);
      delete(gone);
      indexes.forget(ref, number, gone);
      whole.removeAll(gone);
    } finally {
      lock.unlock();
    }
  }

  /** Prevents further writes. */
  void stop() {
    endWith(new ThrongException(ErrorCode.SHUTTING_DOWN, ref + ": the reindex was stopped"));
  }

  private void endWith(RuntimeException reason) {
    lock.lock();
    try {
      end = end == null ? reason : end;
    } finally {
      lock.unlock();
    }
  }

  private void delete(Set<Long> versions) {
    if (!versions.isEmpty()) {
      runChange(() -> {
        index.deleteVersions(versions);
        index.commit();
      });
    }
  }

  /**
   * Runs a change. A failure may lose uncommitted changes, so the build starts again from the
   * recorded versions.
   */
  private void runChange(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      endWith(e);
      try {
        var _ = index.recover();
      } catch (RuntimeException recoveryFailure) {
        e.addSuppressed(recoveryFailure); // the next build tries again
      }
      throw e;
    }
  }
}
