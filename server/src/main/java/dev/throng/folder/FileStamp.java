package dev.throng.folder;

import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells without reading that a file is still the one it was: length, time of the last change,
 * and the file system's own name for it, which a file that is replaced does not keep.
 */
record FileStamp(long bytes, Instant modifiedAt, @Nullable Object key) {
  static FileStamp of(BasicFileAttributes attributes) {
    return new FileStamp(
        attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey());
  }

  /** Whether it was changed within {@code time} before {@code now}, by its own file system. */
  boolean isYounger(Duration time, Instant now) {
    return !modifiedAt.isAfter(now) && modifiedAt.plus(time).isAfter(now);
  }
}
