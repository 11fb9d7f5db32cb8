package dev.throng.folder;

import dev.throng.core.Hash;
import dev.throng.index.Indexer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a folder as they were last read. Unchanged files are not read again. */
final class FileMemory {
  private static final Logger log = LoggerFactory.getLogger(FileMemory.class);

  /** Maximum number of files, about 200 bytes each. Further ones are read in every scan. */
  private static final int MAX_FILES = 500_000;

  /**
   * One file.
   *
   * @param hash from {@link Indexer#contentHash}; null when it could not be read
   * @param failure why it is not in the collection; null when it is
   * @param tries number of failed reads
   */
  record Entry(FileStamp stamp, @Nullable Hash hash, @Nullable FileFailure failure, int tries) {
    /**
     * Returns whether to read an unchanged file again, because a parser may have failed for lack of
     * time.
     */
    boolean isWorthATry() {
      return failure != null && failure.code().kind().isParserFailure() && tries < MAX_TRIES;
    }
  }

  /** Maximum number of tries for a file whose parser failed. */
  private static final int MAX_TRIES = 3;

  private final ConcurrentMap<String, Entry> byUri = new ConcurrentHashMap<>();
  private volatile Map<String, Object> keys = Map.of();
  private volatile @Nullable Object root;
  private final @Nullable Path note;

  /** Creates a memory for a single sync. */
  FileMemory() {
    note = null;
  }

  /**
   * Creates a memory for a followed folder.
   *
   * @param note a file that records the folder's identity across restarts
   */
  FileMemory(Path note) {
    this.note = note;
  }

  Optional<Entry> of(String uri) {
    return Optional.ofNullable(byUri.get(uri));
  }

  void keep(String uri, Entry entry) {
    if (byUri.size() < MAX_FILES || byUri.containsKey(uri)) {
      byUri.put(uri, entry);
    }
  }

  /** Drops all other files. */
  void retain(Set<String> uris) {
    byUri.keySet().retainAll(uris);
  }

  /**
   * Returns the file system's key of a file at the last scan, by which the file is recognised under
   * another uri.
   */
  @Nullable Object keyOf(String uri) {
    return keys.get(uri);
  }

  /**
   * Stores the keys of the last scan.
   *
   * @param now keys by uri
   */
  void keepKeys(Map<String, Object> now) {
    keys = now;
  }

  /**
   * Returns whether the folder is the same as in the last scan, and not another one under the same
   * path.
   */
  boolean isSameRoot(@Nullable Object key) {
    Object before = root;
    if (before != null) {
      return before.equals(key);
    }
    return note == null || noted(note).equals(String.valueOf(key));
  }

  void keepRoot(@Nullable Object key) {
    boolean isNew = !Objects.equals(root, key);
    root = key;
    if (note != null && isNew) {
      write(note, String.valueOf(key));
    }
  }

  private static String noted(Path note) {
    try {
      return Files.readString(note);
    } catch (IOException e) {
      return ""; // never followed, or unknown
    }
  }

  private static void write(Path note, String key) {
    try {
      Files.createDirectories(note.toAbsolutePath().getParent());
      Files.writeString(note, key);
    } catch (IOException e) {
      log.debug(
          "{} was not written, so an empty folder at the next start changes nothing", note, e);
    }
  }
}
