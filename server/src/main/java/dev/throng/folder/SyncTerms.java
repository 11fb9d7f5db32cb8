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
 * What becomes of the documents of one sync.
 *
 * @param origin of those that are read
 * @param removable origins of which a document without a file is removed
 * @param now when the sync began
 * @param beingWritten keys of files that it leaves to the next one
 */
record SyncTerms(
    Origin origin,
    Set<Origin> removable,
    Following following,
    boolean isFollowing,
    Instant now,
    Set<Object> beingWritten) {
  /** A file that changed so lately may change again without another time or length. */
  private static final Duration SAME_TICK = Duration.ofMillis(500);

  SyncTerms(
      Origin origin, Set<Origin> removable, Following following, boolean isFollowing, Instant now) {
    this(origin, removable, following, isFollowing, now, ConcurrentHashMap.newKeySet());
  }

  /** Keeps what was found out about a file, unless it is too new for that. */
  void remember(Source source, @Nullable Hash hash, @Nullable FileFailure failure) {
    if (isFollowing && !source.stamp().isYounger(SAME_TICK, now)) {
      int tries = known(source).map(Entry::tries).orElse(0) + 1;
      following.memory().keep(source.uri(), new Entry(source.stamp(), hash, failure, tries));
    }
  }

  /** What the last look found, if the file is still the same. */
  Optional<Entry> known(Source source) {
    return following.memory().of(source.uri()).filter(e -> e.stamp().equals(source.stamp()));
  }

  void noteBeingWritten(Source source) {
    if (source.stamp().key() != null) {
      beingWritten.add(source.stamp().key());
    }
  }

  /** Whether the file of a document has another name now, under which it is not read yet. */
  boolean isBeingRenamed(String uri) {
    Object key = following.memory().keyOf(uri);
    return key != null && beingWritten.contains(key);
  }
}
