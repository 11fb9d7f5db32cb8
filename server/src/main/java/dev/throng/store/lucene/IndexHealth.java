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
 * Detects corrupt files of one index. Lucene compares files with their checksums when it merges
 * them but not when it searches them, so a search of a damaged file may find anything.
 */
final class IndexHealth {
  private static final Logger log = LoggerFactory.getLogger(IndexHealth.class);

  /**
   * Minimum interval between verifications, because failures of searches that have another cause
   * must not trigger constant reads of the index.
   */
  private static final Duration VERIFIED_FOR = Duration.ofMinutes(10);

  private final String name;
  private volatile boolean isDamaged;
  private volatile boolean isSuspect = true;
  private volatile long verifiedNanos = System.nanoTime() - VERIFIED_FOR.toNanos();

  /**
   * Creates the health of one index.
   *
   * @param name of the index in the log
   */
  IndexHealth(String name) {
    this.name = name;
  }

  boolean isDamaged() {
    return isDamaged;
  }

  /** Returns whether a failure means that a file is truncated, changed or missing. */
  static boolean isDamage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptIndexException
          || cause instanceof EOFException
          || cause instanceof NoSuchFileException
          || (cause instanceof IndexFormatTooOldException old && hasUnknownHeader(old))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether a file does not begin with the header of any format. Lucene reports a file of
   * zeros as too old.
   */
  private static boolean hasUnknownHeader(IndexFormatTooOldException failure) {
    return Objects.equals(failure.getMinVersion(), CodecUtil.CODEC_MAGIC);
  }

  /** Records a failure that may be caused by damage. */
  void note(Throwable failure) {
    if (isDamage(failure) && !isDamaged) {
      isDamaged = true;
      log.error("{} is damaged: {}", name, failure.toString());
    }
  }

  /** Records a failure that only damage or a bug can explain. */
  void suspect(Throwable failure) {
    note(failure);
    isSuspect = true;
  }

  /**
   * Compares all files of a commit with their checksums, unless that was done before and there was
   * no reason to doubt it since.
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
    } catch (InternalError e) { // a mapped file was truncated while it was read
      note(new CorruptIndexException("a file is truncated", name, e));
    }
    verifiedNanos = System.nanoTime();
  }
}
