package dev.throng.folder;

import dev.throng.catalog.Origin;
import dev.throng.core.Hash;
import dev.throng.folder.FileMemory.Entry;
import dev.throng.folder.FolderScan.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one sync.
 *
 * @param origin of the documents that are read
 * @param removable origins of documents that are removed when their file is missing
 * @param now when the sync started
 * @param beingWritten keys of files that are left to the next sync
 */
record SyncTerms(
    Origin origin,
    Set<Origin> removable,
    Following following,
    boolean isFollowing,
    Instant now,
    Set<Object> beingWritten) {
  /** A file that was changed this recently may change again without a different time or length. */
  private static final Duration SAME_TICK = Duration.ofMillis(500);

  SyncTerms(
      Origin origin, Set<Origin> removable, Following following, boolean isFollowing, Instant now) {
    this(origin, removable, following, isFollowing, now, ConcurrentHashMap.newKeySet());
  }

  /** Remembers the result for a file, unless the file is too recent for that. */
  void remember(Source source, @Nullable Hash hash, @Nullable FileFailure failure) {
    if (isFollowing && !source.stamp().isYounger(SAME_TICK, now)) {
      int tries = known(source).map(Entry::tries).orElse(0) + 1;
      following.memory().keep(source.uri(), new Entry(source.stamp(), hash, failure, tries));
    }
  }

  /** Returns the result of the last scan, if the file is still the same. */
  Optional<Entry> known(Source source) {
    return following.memory().of(source.uri()).filter(e -> e.stamp().equals(source.stamp()));
  }

  void noteBeingWritten(Source source) {
    if (source.stamp().key() != null) {
      beingWritten.add(source.stamp().key());
    }
  }

  /** Returns whether the file of a document has a new name, under which it was not read yet. */
  boolean isBeingRenamed(String uri) {
    Object key = following.memory().keyOf(uri);
    return key != null && beingWritten.contains(key);
  }
}
