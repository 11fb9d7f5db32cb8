package dev.throng.store.lucene;

import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkView;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.LiveVersions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index whose files are open only while it is used. Each open index costs file handles, memory
 * and mappings, and clients can create any number of collections. A view stays readable when its
 * index is closed.
 */
final class OnDemandIndex implements ChunkIndex {
  private static final Logger log = LoggerFactory.getLogger(OnDemandIndex.class);

  private final Supplier<LuceneChunkIndex> opener;
  private final Runnable beforeOpening;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private @Nullable LuceneChunkIndex open;
  private boolean isClosed;

  /** Its users learn from this that another index has replaced it. */
  private boolean wasDamaged;

  private volatile boolean isOpen;
  private volatile boolean hasUncommitted;
  private volatile long usedNanos = System.nanoTime();

  /**
   * Creates a closed index.
   *
   * @param opener opens the files
   * @param beforeOpening makes room for one more open index
   */
  OnDemandIndex(Supplier<LuceneChunkIndex> opener, Runnable beforeOpening) {
    this.opener = opener;
    this.beforeOpening = beforeOpening;
  }

  /** Opens the files, which also checks them. */
  void open() {
    use(index -> {});
  }

  boolean isOpen() {
    return isOpen;
  }

  /** Returns when it was last used, on the clock of {@link System#nanoTime}. */
  long usedNanos() {
    return usedNanos;
  }

  /**
   * Closes the files, unless they are in use or have uncommitted changes.
   *
   * @return whether they were closed
   */
  boolean closeIfUnused() {
    if (hasUncommitted || !lock.writeLock().tryLock()) {
      return false;
    }
    try {
      LuceneChunkIndex index = open;
      if (index == null || hasUncommitted || index.isDamaged()) {
        return false;
      }
      setOpen(null);
      index.close();
      return true;
    } catch (ThrongException e) {
      log.warn("{}", e.getMessage());
      return true; // its handles are closed all the same
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void setOpen(@Nullable LuceneChunkIndex index) {
    open = index;
    isOpen = index != null;
  }

  private void use(Consumer<LuceneChunkIndex> body) {
    var _ =
        get(index -> {
          body.accept(index);
          return true;
        });
  }

  private <T> T get(Function<LuceneChunkIndex, T> body) {
    usedNanos = System.nanoTime();
    while (true) {
      lock.readLock().lock();
      try {
        LuceneChunkIndex index = open;
        if (index != null) {
          return body.apply(index);
        }
      } finally {
        lock.readLock().unlock();
      }
      openFiles();
    }
  }

  private void openFiles() {
    beforeOpening.run();
    lock.writeLock().lock();
    try {
      if (isClosed) {
        throw new ThrongException(ErrorCode.STORE_FAILED, "the index is closed");
      }
      if (open == null) {
        setOpen(opener.get());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Runs an action if the index is open. It is not opened for it. */
  void ifOpen(Consumer<LuceneChunkIndex> body) {
    lock.readLock().lock();
    try {
      if (open != null) {
        body.accept(open);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void write(List<EmbeddedChunk> chunks) {
    hasUncommitted = true;
    use(index -> index.write(chunks));
  }

  @Override
  public void deleteVersions(Collection<Long> versions) {
    hasUncommitted = true;
    use(index -> index.deleteVersions(versions));
  }

  @Override
  public void commit() {
    use(index -> {
      index.commit();
      hasUncommitted = false;
    });
  }

  @Override
  public boolean recover() {
    return get(LuceneChunkIndex::recover);
  }

  @Override
  public void verify() {
    use(LuceneChunkIndex::verify);
  }

  @Override
  public boolean isDamaged() {
    lock.readLock().lock();
    try {
      return wasDamaged || (open != null && open.isDamaged());
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public ChunkView view(LiveVersions live, Deadline deadline) {
    return get(index -> index.view(live, deadline));
  }

  @Override
  public boolean hasAll(LiveVersions live, Deadline deadline) {
    return get(index -> index.hasAll(live, deadline));
  }

  @Override
  public Set<Long> versions() {
    return get(LuceneChunkIndex::versions);
  }

  @Override
  public Expunged expunge() {
    return get(LuceneChunkIndex::expunge);
  }

  @Override
  public long forEachText(TextListener listener) {
    return get(index -> index.forEachText(listener));
  }

  @Override
  public List<EmbeddedChunk> chunksOf(long version) {
    return get(index -> index.chunksOf(version));
  }

  /** Closes the files permanently, when they are no longer in use. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      isClosed = true;
      LuceneChunkIndex index = open;
      wasDamaged |= index != null && index.isDamaged();
      setOpen(null);
      if (index != null) {
        index.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
