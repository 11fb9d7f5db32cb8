package dev.throng.folder;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that something in a tree of folders has changed. A scan finds out what. Dropped events
 * therefore lose nothing, and renames need not be assembled from two events. Folders are identified
 * by the file system's keys, which a folder keeps when it is moved. Used by one thread, except for
 * {@link #close}.
 */
final class FolderEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FolderEvents.class);
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_DELETE,
    StandardWatchEventKinds.ENTRY_MODIFY
  };

  private final @Nullable WatchService service;
  private final Map<Object, WatchKey> keys = new HashMap<>();
  private final Set<Object> seen = new HashSet<>();
  private boolean isUnwatchedReported;

  FolderEvents() {
    service = open();
  }

  private @Nullable WatchService open() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      reportUnwatched(e);
      return null;
    }
  }

  /**
   * Watches a folder that a scan has found, from before it is listed, so that no change is missed.
   */
  void watch(Path folder, Object key) {
    seen.add(key);
    WatchKey known = keys.get(key);
    if (service == null || (known != null && known.isValid())) {
      return;
    }
    try {
      keys.put(key, folder.register(service, KINDS));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // deleted in the meantime
    } catch (IOException e) {
      reportUnwatched(e);
    } catch (ClosedWatchServiceException e) {
      return; // closed
    }
  }

  /** Ends a scan. Folders that it did not find are no longer watched. */
  void endScan() {
    keys.entrySet()
        .removeIf(entry -> {
          boolean isGone = !seen.contains(entry.getKey());
          if (isGone) {
            entry.getValue().cancel();
          }
          return isGone;
        });
    seen.clear();
  }

  private void reportUnwatched(Exception e) {
    if (!isUnwatchedReported) {
      isUnwatchedReported = true;
      log.warn(
          "the system does not report all changes of the folder ({}). They are found every"
              + " ingest.watch_rescan. Lower it, or raise fs.inotify.max_user_watches and _instances",
          e.getMessage());
    }
  }

  /** Waits for a change within the time. Returns as soon as there is one, and whether there was. */
  boolean await(Duration time) throws InterruptedException {
    if (service == null) {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      return false;
    }
    try {
      WatchKey key = service.poll(time.toNanos(), TimeUnit.NANOSECONDS);
      boolean hasChanged = key != null;
      for (; key != null; key = service.poll()) {
        key.pollEvents();
        key.reset();
      }
      return hasChanged;
    } catch (ClosedWatchServiceException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      log.debug("the watch of a folder was not closed", e);
    }
  }
}
