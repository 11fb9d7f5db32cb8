package dev.throng.store.lucene;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.similarities.Similarity;
import org.jspecify.annotations.Nullable;

/** One commit, shared by all who search it, with the {@link LiveSearcher} made last. */
final class CommitSearcher extends IndexSearcher {
  private final Similarity similarity;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable LiveSearcher newest;

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
}
