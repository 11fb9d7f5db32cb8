package dev.throng.store.lucene;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Objects;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.LeafReaderContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the files of one index are what was written. Lucene compares them with their checksums
 * when it merges them, and not when it searches them: it may find anything in a damaged one.
 */
final class IndexHealth {
  private static final Logger log = LoggerFactory.getLogger(IndexHealth.class);

  /** Failures of searches that have another cause must not make it read the index all the time. */
  private static final Duration VERIFIED_FOR = Duration.ofMinutes(10);

  private final String name;
  private volatile boolean isDamaged;
  private volatile boolean isSuspect = true;
  private volatile long verifiedNanos = System.nanoTime() - VERIFIED_FOR.toNanos();

  /**
   * @param name of the index in the log
   */
  IndexHealth(String name) {
    this.name = name;
  }

  boolean isDamaged() {
    return isDamaged;
  }

  /** Whether a failure is that of a file which is cut off, changed or gone. */
  static boolean isDamage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptIndexException
          || cause instanceof EOFException
          || cause instanceof NoSuchFileException
          || (cause instanceof IndexFormatTooOldException old && isOfNoFormat(old))) {
        return true;
      }
    }
    return false;
  }

  /** A file that begins with something else than all formats do: one of zeros is called too old. */
  private static boolean isOfNoFormat(IndexFormatTooOldException failure) {
    return Objects.equals(failure.getMinVersion(), CodecUtil.CODEC_MAGIC);
  }

  /** Takes note of a failure that may be one of damage. */
  void note(Throwable failure) {
    if (isDamage(failure) && !isDamaged) {
      isDamaged = true;
      log.error("{} is damaged: {}", name, failure.toString());
    }
  }

  /** Takes note of a failure that nothing but damage or a mistake of ours explains. */
  void suspect(Throwable failure) {
    note(failure);
    isSuspect = true;
  }

  /**
   * Compares all files of a commit with their checksums, unless that was done before and nothing
   * gave cause to doubt it since.
   */
  void verify(DirectoryReader commit) {
    boolean isFresh = System.nanoTime() - verifiedNanos < VERIFIED_FOR.toNanos();
    if (!isSuspect || isDamaged || isFresh) {
      return;
    }
    isSuspect = false;
    try {
      for (LeafReaderContext leaf : commit.leaves()) {
        leaf.reader().checkIntegrity();
      }
    } catch (IOException | RuntimeException e) {
      note(e);
    } catch (InternalError e) { // a mapped file was cut off while it was read
      note(new CorruptIndexException("a file ends too soon", name, e));
    }
    verifiedNanos = System.nanoTime();
  }
}
