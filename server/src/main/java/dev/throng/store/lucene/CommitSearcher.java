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

/** One commit, shared by all who search it, with the {@link LiveSearcher} made last. */
final class CommitSearcher extends IndexSearcher {
  /** Filters whose chunks are kept, a bit for each chunk of the commit. */
  private static final int MAX_KEPT_FILTERS = 64;

  private final Similarity similarity;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable LiveSearcher newest;

  /** By the set itself, not by what is in it: who asks again brings the same one. */
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

  /** A searcher for which the dead versions do not count; nearly always the one made last. */
  LiveSearcher without(Set<Long> dead) throws IOException {
    LiveSearcher known = newest;
    if (known != null && known.dead().equals(dead)) {
      return known;
    }
    making.lock(); // after a publish everybody comes at once
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

  /** Drops the counts of words that were asked for, with the searcher that has them. */
  void forgetQuestions() {
    newest = null;
  }

  /** What the filter admits, which must not be all. */
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
