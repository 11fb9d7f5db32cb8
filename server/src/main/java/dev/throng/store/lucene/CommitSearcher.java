package dev.throng.store.lucene;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.throng.store.VersionFilter;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/** One commit, shared by all searches of it, with the latest {@link LiveSearcher}. */
final class CommitSearcher extends IndexSearcher {
  /** Number of filters whose chunks are cached, with one bit per chunk of the commit. */
  private static final int MAX_KEPT_FILTERS = 64;

  private final Similarity similarity;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable LiveSearcher newest;

  /**
   * Keyed by the identity of the set, not its content, because repeated searches use the same
   * object.
   */
  private final Cache<Set<Long>, Admitted> admitted =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumSize(MAX_KEPT_FILTERS)
          .executor(Runnable::run)
          .build();

  private record Admitted(Set<Long> except, AdmittedChunks chunks) {}

  CommitSearcher(IndexReader reader, Similarity similarity) {
    super(reader);
    this.similarity = similarity;
    setQueryCache(null);
  }

  /** Returns a searcher that ignores the dead versions. It is nearly always the latest one. */
  LiveSearcher without(Set<Long> dead) throws IOException {
    LiveSearcher known = newest;
    if (known != null && known.dead().equals(dead)) {
      return known;
    }
    making.lock(); // many searches arrive right after a publish
    try {
      known = newest;
      if (known == null || !known.dead().equals(dead)) {
        known = new LiveSearcher(getIndexReader(), dead);
        known.setSimilarity(similarity);
        newest = known;
      }
      return known;
    } finally {
      making.unlock();
    }
  }

  /** Drops the cached frequencies of searched words, together with their searcher. */
  void forgetQuestions() {
    newest = null;
  }

  /** Returns the chunks that the filter admits. The filter must not admit all chunks. */
  AdmittedChunks admitted(VersionFilter filter) throws IOException {
    Set<Long> only = filter.only();
    if (only == null) {
      return without(filter.except()).live();
    }
    Admitted known = admitted.getIfPresent(only);
    if (known == null || !known.except().equals(filter.except())) {
      known = new Admitted(filter.except(), AdmittedChunks.of(getIndexReader(), only, filter));
      admitted.put(only, known);
    }
    return known.chunks();
  }
}
