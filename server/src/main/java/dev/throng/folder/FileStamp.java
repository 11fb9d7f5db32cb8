package dev.throng.folder;

import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Shows without reading whether a file is unchanged: its length, the time of its last change, and
 * the file system's key, which a replaced file does not keep.
 */
record FileStamp(long bytes, Instant modifiedAt, @Nullable Object key) {
  static FileStamp of(BasicFileAttributes attributes) {
    return new FileStamp(
        attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey());
  }

  /**
   * Returns whether it was changed within {@code time} before {@code now}, by the file system's
   * clock.
   */
  boolean isYounger(Duration time, Instant now) {
    return !modifiedAt.isAfter(now) && modifiedAt.plus(time).isAfter(now);
  }
}
