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

/** The files of a folder as they were read last: one that did not change is not read again. */
final class FileMemory {
  private static final Logger log = LoggerFactory.getLogger(FileMemory.class);

  /** Some 200 bytes each. What is beyond is read at every look. */
  private static final int MAX_FILES = 500_000;

  /**
   * One file.
   *
   * @param hash from {@link Indexer#contentHash}; null when it could not be read
   * @param failure why it is not in the collection; null when it is
   * @param tries how often it was read in vain
   */
  record Entry(FileStamp stamp, @Nullable Hash hash, @Nullable FileFailure failure, int tries) {
    /** Whether to read it again though it is the same: a parser may fail where it had no time. */
    boolean isWorthATry() {
      return failure != null && failure.code().name().startsWith("PARSER_") && tries < MAX_TRIES;
    }
  }

  /** Of a file whose parser failed. */
  private static final int MAX_TRIES = 3;

  private final ConcurrentMap<String, Entry> byUri = new ConcurrentHashMap<>();
  private volatile Map<String, Object> keys = Map.of();
  private volatile @Nullable Object root;
  private final @Nullable Path note;

  /** What a sync remembers that is asked for once. */
  FileMemory() {
    note = null;
  }

  /**
   * @param note a file that keeps over restarts which folder it was
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

  /** Forgets all other files. */
  void retain(Set<String> uris) {
    byUri.keySet().retainAll(uris);
  }

  /**
   * The file system's own name of a file at the last look, by which it is known under another uri.
   */
  @Nullable Object keyOf(String uri) {
    return keys.get(uri);
  }

  /**
   * @param now keys by uri
   */
  void keepKeys(Map<String, Object> now) {
    keys = now;
  }

  /** Whether the folder is the one of the last look, and not what its path stands for now. */
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
      return ""; // it was never followed, or nobody knows
    }
  }

  private static void write(Path note, String key) {
    try {
      Files.createDirectories(note.toAbsolutePath().getParent());
      Files.writeString(note, key);
    } catch (IOException e) {
      log.debug("{} was not written: an empty folder at the next start changes nothing", note, e);
    }
  }
}
