package dev.throng.store.lucene;

import dev.throng.core.Chunk;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.store.ChunkIndex;
import dev.throng.store.ChunkStore.IndexSpec;
import dev.throng.store.EmbeddedChunk;
import dev.throng.store.HeldVersions;
import dev.throng.store.Hit;
import dev.throng.store.LiveVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.FSDirectory;

/**
 * One Lucene index. Searchers open only commits, so after a crash the index is in the state that
 * was last readable.
 */
final class LuceneChunkIndex implements ChunkIndex {
  private static final int EXPUNGE_ROUNDS = 10;
  private static final Duration READERS_PATIENCE = Duration.ofSeconds(30);
  private static final Duration READERS_POLL = Duration.ofMillis(10);

  private final FSDirectory directory;
  private final SearcherManager searchers;
  private final IndexSpec spec;
  private final IndexHealth health;
  private final HeldVersions held =
      new HeldVersions(Ticker.system(), Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** Replaced after a failure that broke it. Changes come from one thread at a time. */
  private volatile IndexWriter writer;

  /** Commits that a reader is using. */
  private final Set<IndexReader> read = ConcurrentHashMap.newKeySet();

  private LuceneChunkIndex(FSDirectory directory, IndexWriter writer, IndexSpec spec)
      throws IOException {
    this.directory = directory;
    this.writer = writer;
    this.searchers = new SearcherManager(directory, searcherFactory());
    this.spec = spec;
    this.health = new IndexHealth("the index in " + directory.getDirectory());
  }

  static LuceneChunkIndex open(Path folder, IndexSpec spec) {
    try {
      FSDirectory directory = FSDirectory.open(folder);
      IndexWriters.checkSpec(directory, folder, spec);
      return new LuceneChunkIndex(directory, IndexWriters.open(directory, spec), spec);
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED, "the index in %s cannot be opened: %s".formatted(folder, e), e);
    }
  }

  private SearcherFactory searcherFactory() {
    return new SearcherFactory() {
      @Override
      public IndexSearcher newSearcher(IndexReader reader, IndexReader previous) {
        read.add(reader);
        reader.getReaderCacheHelper().addClosedListener(closed -> read.remove(reader));
        return new CommitSearcher(reader, IndexWriters.similarity());
      }
    };
  }

  @Override
  public boolean isDamaged() {
    return health.isDamaged();
  }

  @Override
  public void verify() {
    try (LuceneChunkView view = view()) {
      view.verify();
    }
  }

  @Override
  public void write(List<EmbeddedChunk> chunks) {
    write(() -> writer.addDocuments(chunks.stream().map(ChunkFields::document).toList()));
  }

  @Override
  public void deleteVersions(Collection<Long> versions) {
    Term[] terms =
        versions.stream()
            .map(version -> new Term(ChunkFields.VERSION, ChunkFields.versionTerm(version)))
            .toArray(Term[]::new);
    write(() -> writer.deleteDocuments(terms));
  }

  @Override
  public void commit() {
    write(() -> {
      long sequence = writer.commit();
      searchers.maybeRefreshBlocking();
      return sequence;
    });
  }

  /**
   * A merge that was running when chunks were deleted copies them along, so each round waits for
   * running merges first. While other calls continue to delete, no number of rounds may be enough.
   */
  @Override
  public Expunged expunge() {
    long deleted = deletedChunks();
    for (int round = 0; round < EXPUNGE_ROUNDS && deletedChunks() > 0; round++) {
      awaitMerges();
      write(() -> {
        writer.forceMergeDeletes(true);
        return writer.commit();
      });
      refresh();
    }
    write(() -> {
      writer.deleteUnusedFiles();
      return 0;
    });
    deleteDamaged();
    long left = deletedChunks();
    if (left > 0) {
      return new Expunged(
          deleted - left, "%d chunks that were deleted in the meantime".formatted(left));
    }
    return new Expunged(
        deleted, awaitOtherReaders() ? "" : "files that earlier searches are still reading");
  }

  private void awaitMerges() {
    if (writer.getConfig().getMergeScheduler() instanceof ConcurrentMergeScheduler merges) {
      merges.sync();
    }
  }

  private void deleteDamaged() {
    Path damaged = aside(directory.getDirectory());
    try {
      deleteAll(damaged);
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "the damaged index in %s cannot be deleted: %s".formatted(damaged, e),
          e);
    }
  }

  /**
   * Returns the folder with the files of a damaged index, which are kept for inspection until the
   * next purge.
   *
   * @param folder of the index that replaced it
   */
  static Path aside(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".damaged");
  }

  /** Deletes a folder and its files, if it exists. */
  static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return; // it never existed, or another thread was faster
    }
    Files.deleteIfExists(folder);
  }

  void forgetQuestions() {
    try (LuceneChunkView view = view()) {
      view.forgetQuestions();
    }
  }

  private long deletedChunks() {
    try (LuceneChunkView view = view()) {
      return view.deletedChunks();
    }
  }

  /**
   * Waits for readers. A deleted file keeps its disk space and content until the last reader closes
   * it.
   */
  private boolean awaitOtherReaders() {
    long until = System.nanoTime() + READERS_PATIENCE.toNanos();
    while (read.size() > 1 && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(READERS_POLL.toNanos());
    }
    return read.size() <= 1;
  }

  @Override
  public long forEachText(TextListener listener) {
    try (LuceneChunkView view = view()) {
      return view.forEachText(listener);
    }
  }

  private void refresh() {
    write(() -> {
      searchers.maybeRefreshBlocking();
      return 0;
    });
  }

  /** An IOException during a write closes the writer permanently and loses its buffered changes. */
  @Override
  public boolean recover() {
    if (writer.isOpen()) {
      return false;
    }
    try {
      writer = IndexWriters.open(directory, spec);
      searchers.maybeRefreshBlocking(); // in case its files have changed
      return true;
    } catch (IOException e) {
      health.note(e);
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "the index in %s cannot be opened again: %s".formatted(directory.getDirectory(), e),
          e);
    }
  }

  /**
   * The deadline bounds only the wait for a commit. Searching local files is not worth an
   * interruption.
   */
  @Override
  public LuceneChunkView view(LiveVersions live, Deadline deadline) {
    HeldVersions.await(() -> hasAll(live, deadline), this, deadline);
    return view();
  }

  /**
   * A version is published after its commit, so only an index that replaced a damaged one can lack
   * versions.
   */
  @Override
  public boolean hasAll(LiveVersions live, Deadline deadline) {
    return held.hasAll(
        live,
        versions -> {
          try (LuceneChunkView view = view()) {
            return view.chunkCount(versions) >= live.chunkCount(versions);
          }
        },
        deadline);
  }

  @Override
  public String toString() {
    return "the index in " + directory.getDirectory();
  }

  private LuceneChunkView view() {
    try {
      return new LuceneChunkView(
          (CommitSearcher) searchers.acquire(), searchers, spec.language(), health);
    } catch (IOException | AlreadyClosedException e) {
      throw new ThrongException(ErrorCode.STORE_FAILED, "the index is closed or broken: " + e, e);
    }
  }

  @Override
  public Set<Long> versions() {
    try (LuceneChunkView view = view()) {
      return view.versions();
    }
  }

  @Override
  public List<EmbeddedChunk> chunksOf(long version) {
    try (LuceneChunkView view = view()) {
      List<Hit> hits = view.hitsOf(version, 0, Integer.MAX_VALUE);
      List<Chunk> chunks = view.chunks(hits);
      return IntStream.range(0, hits.size())
          .mapToObj(i -> new EmbeddedChunk(chunks.get(i), view.embedding(hits.get(i))))
          .toList();
    }
  }

  @Override
  public void close() {
    try (directory) {
      searchers.close();
      writer.close();
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.STORE_FAILED, "the index did not close: " + e, e);
    }
  }

  private interface IoAction {
    long write() throws IOException;
  }

  /**
   * Runs a change. A writer that met an unrecoverable error throws a kind of IllegalStateException.
   */
  private void write(IoAction body) {
    try {
      body.write();
    } catch (IOException | IllegalStateException e) {
      health.note(e);
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "the index in %s could not be written: %s".formatted(directory.getDirectory(), e),
          e);
    }
  }
}
