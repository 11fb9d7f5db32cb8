package dev.throng.store.lucene;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Periodic;
import dev.throng.core.ThrongException;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lucene indexes below one folder: {@code tenant/collection/index}. Unused indexes are closed after
 * a while, and the least recently used one is closed when too many are open.
 */
public final class LuceneChunkStore implements ChunkStore {
  private static final Logger log = LoggerFactory.getLogger(LuceneChunkStore.class);
  private static final int DEFAULT_MAX_OPEN = 512;
  private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(10);
  private static final int CHECKS_PER_TIMEOUT = 4;

  private record Key(CollectionRef ref, long indexNumber) {}

  private final Path root;
  private final int maxOpen;
  private final Duration idleTimeout;
  private final ConcurrentMap<Key, OnDemandIndex> indexes = new ConcurrentHashMap<>();
  private final Periodic closer;

  /** Creates a store with the default settings. */
  public LuceneChunkStore(Path root) {
    this(root, DEFAULT_MAX_OPEN, DEFAULT_IDLE_TIMEOUT);
  }

  /**
   * Creates a store.
   *
   * @param maxOpen maximum number of open indexes, unless more are in use
   * @param idleTimeout time after which an unused index is closed
   */
  public LuceneChunkStore(Path root, int maxOpen, Duration idleTimeout) {
    this.root = root;
    this.maxOpen = maxOpen;
    this.idleTimeout = idleTimeout;
    this.closer =
        Periodic.start("index-closer", idleTimeout.dividedBy(CHECKS_PER_TIMEOUT), this::closeIdle);
  }

  private void closeIdle() {
    long now = System.nanoTime();
    indexes.values().stream()
        .filter(OnDemandIndex::isOpen)
        .filter(index -> now - index.usedNanos() > idleTimeout.toNanos())
        .forEach(OnDemandIndex::closeIfUnused);
  }

  /** Closes the least recently used index when too many are open. */
  private void makeRoom() {
    if (openIndexes() < maxOpen) {
      return;
    }
    long now = System.nanoTime();
    var _ =
        indexes.values().stream()
            .filter(OnDemandIndex::isOpen)
            .sorted(Comparator.comparingLong(index -> index.usedNanos() - now))
            .anyMatch(OnDemandIndex::closeIfUnused);
  }

  @Override
  public int openIndexes() {
    return (int) indexes.values().stream().filter(OnDemandIndex::isOpen).count();
  }

  @Override
  public String name() {
    return "lucene";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, false, true);
  }

  @Override
  public boolean isDegraded() {
    return false;
  }

  @Override
  public int waitingCalls() {
    return 0;
  }

  @Override
  public ChunkIndex open(CollectionRef ref, long indexNumber, IndexSpec spec) {
    Key key = new Key(ref, indexNumber);
    OnDemandIndex known = indexes.get(key);
    if (known != null) {
      return known;
    }
    OnDemandIndex index = indexes.computeIfAbsent(key, k -> onDemand(k, spec));
    try {
      index.open();
      return index;
    } catch (ThrongException e) {
      indexes.remove(key, index); // so that the next caller gets the failure, too
      throw e;
    }
  }

  private OnDemandIndex onDemand(Key key, IndexSpec spec) {
    return new OnDemandIndex(() -> openFolder(key, spec), this::makeRoom);
  }

  @Override
  public ChunkIndex replace(CollectionRef ref, long indexNumber, IndexSpec spec) {
    Key key = new Key(ref, indexNumber);
    return indexes.compute(
        key,
        (k, known) -> {
          if (known == null) {
            return onDemand(k, spec);
          }
          if (!known.isDamaged()) {
            return known; // another thread was faster
          }
          closeQuietly(known);
          replaceDamaged(k, spec).close();
          return onDemand(k, spec);
        });
  }

  /** Closes an index whose content is given up. */
  private static void closeQuietly(OnDemandIndex index) {
    try {
      index.close();
    } catch (RuntimeException e) {
      log.debug("an index that is replaced or dropped did not close", e);
    }
  }

  @Override
  public void forgetQuestions() {
    indexes.values().forEach(index -> index.ifOpen(LuceneChunkIndex::forgetQuestions));
  }

  @Override
  public void drop(CollectionRef ref, long indexNumber, IndexSpec spec) {
    Key key = new Key(ref, indexNumber);
    OnDemandIndex index = indexes.remove(key);
    if (index != null) {
      closeQuietly(index); // another thread may have deleted its files
    }
    Path folder = folder(key);
    try {
      LuceneChunkIndex.deleteAll(folder);
      LuceneChunkIndex.deleteAll(LuceneChunkIndex.aside(folder));
      deleteIfEmpty(root.resolve(ref.tenant()).resolve(ref.name()));
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED, "the index in %s cannot be deleted: %s".formatted(folder, e), e);
    }
  }

  /** Deletes the collection's folder if this was its last index. */
  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      log.trace("{} has another index", folder);
    }
  }

  @Override
  public void close() {
    closer.close();
    indexes.values().forEach(OnDemandIndex::close);
    indexes.clear();
  }

  /**
   * Opens a folder. An index that cannot be opened because of damage cannot be repaired, so a new
   * one replaces it.
   */
  private LuceneChunkIndex openFolder(Key key, IndexSpec spec) {
    try {
      return LuceneChunkIndex.open(folder(key), spec);
    } catch (ThrongException e) {
      if (!IndexHealth.isDamage(e)) {
        throw e;
      }
      log.error("{}", e.getMessage());
      return replaceDamaged(key, spec);
    }
  }

  private LuceneChunkIndex replaceDamaged(Key key, IndexSpec spec) {
    Path folder = folder(key);
    Path aside = LuceneChunkIndex.aside(folder);
    try {
      LuceneChunkIndex.deleteAll(aside);
      if (Files.exists(folder)) {
        Files.move(folder, aside);
        log.warn("a new index replaces {}, which was moved to {}", folder, aside);
      }
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "the index in %s cannot be set aside: %s".formatted(folder, e),
          e);
    }
    return LuceneChunkIndex.open(folder, spec);
  }

  private Path folder(Key key) {
    return root.resolve(key.ref.tenant())
        .resolve(key.ref.name())
        .resolve(Long.toString(key.indexNumber));
  }
}
