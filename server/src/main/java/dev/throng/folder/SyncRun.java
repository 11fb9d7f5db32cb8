package dev.throng.folder;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
import dev.throng.core.ThrongException;
import dev.throng.folder.FileIngest.Change;
import dev.throng.folder.FileIngest.Result;
import dev.throng.folder.FileMemory.Entry;
import dev.throng.folder.FolderScan.Found;
import dev.throng.folder.FolderScan.Source;
import dev.throng.index.Indexer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One run of a sync: from the scan of the folders to the publish. Used once, by one thread. */
final class SyncRun {
  /**
   * Number of files processed simultaneously: enough to keep every embedding thread busy while
   * others are parsed.
   */
  private static final int FILES_IN_FLIGHT = 4;

  /**
   * Consecutive failures, not caused by the files themselves, at which the sync of a followed
   * folder ends.
   */
  private static final int MAX_CONSECUTIVE_FAILURES = 2 * FILES_IN_FLIGHT;

  private final Indexer indexer;
  private final CollectionState before;
  private final SyncTerms terms;
  private final Consumer<SyncProgress> progress;
  private final FileIngest files;
  private final List<FileFailure> failures = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  /**
   * Creates a run.
   *
   * @param before the collection now
   */
  SyncRun(
      Indexer indexer, CollectionState before, SyncTerms terms, Consumer<SyncProgress> progress) {
    this.indexer = indexer;
    this.before = before;
    this.terms = terms;
    this.progress = progress;
    this.files = new FileIngest(indexer, before, terms);
  }

  /**
   * Makes the collection equal to files and folders.
   *
   * @return empty when the collection has switched to another index in the meantime, so that a part
   *     of what was read is lost
   */
  Optional<SyncReport> run(List<Path> roots) {
    List<Found> found =
        roots.stream().map(root -> FolderScan.of(root, terms.following().folders())).toList();
    List<Source> sources = found.stream().flatMap(each -> each.sources().stream()).toList();
    found.forEach(each -> failures.addAll(each.failures()));
    boolean isWhole = true;
    for (Found each : found) {
      isWhole &= acceptScan(each);
    }
    readChanged(sources);
    int removed = isWhole ? removeMissing(sources) : 0;
    if (indexer.publish(before.ref()).indexNumber() != before.indexNumber()) {
      return Optional.empty();
    }
    terms.following().memory().keepKeys(keys(sources));
    return Optional.of(
        new SyncReport(
            count(Change.ADDED),
            count(Change.CHANGED),
            count(Change.UNCHANGED),
            removed,
            results.stream().mapToInt(Result::chunks).sum(),
            count(Change.UNSETTLED),
            found.stream().mapToInt(Found::skipped).sum(),
            List.copyOf(failures)));
  }

  /**
   * Returns whether files that are missing in the scan were deleted, and may be removed. A folder
   * whose file system is unmounted leaves an empty one with another identity: the scan of a
   * followed folder that finds it is reported as a failure.
   */
  private boolean acceptScan(Found found) {
    if (!found.isWhole()) {
      return false;
    }
    if (!terms.isFollowing()) {
      return true; // there is no earlier scan
    }
    FileMemory memory = terms.following().memory();
    if (found.sources().isEmpty() && !memory.isSameRoot(found.key()) && hasRemovable()) {
      failures.add(
          new FileFailure(
              "",
              ErrorCode.DOCUMENT_UNREADABLE,
              "the folder was replaced by an empty one (expected: its file system to be mounted),"
                  + " so its documents are kept"));
      return false;
    }
    memory.keepRoot(found.key());
    memory.retain(found.sources().stream().map(Source::uri).collect(Collectors.toSet()));
    return true;
  }

  private boolean hasRemovable() {
    return before.byUri().values().stream()
        .anyMatch(document -> terms.removable().contains(document.origin()));
  }

  private void readChanged(List<Source> sources) {
    List<Source> toRead = new ArrayList<>();
    for (Source source : sources) {
      Entry known = terms.known(source).orElse(null);
      if (known == null || known.isWorthATry()) {
        toRead.add(source);
      } else if (known.failure() != null) {
        failures.add(known.failure());
      } else if (files.isInPlace(source, known)) {
        results.add(new Result(Change.UNCHANGED, 0));
      } else {
        toRead.add(source);
      }
    }
    if (!toRead.isEmpty()) {
      read(toRead, sources.size());
    }
  }

  private void read(List<Source> sources, int total) {
    int first = total - sources.size();
    int failedInARow = 0;
    AtomicBoolean isStopped = new AtomicBoolean();
    Semaphore inFlight = new Semaphore(FILES_IN_FLIGHT);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ingest-", 0).factory())) {
      List<Future<Result>> pending =
          sources.stream()
              .map(source -> threads.submit(() -> readWithin(inFlight, isStopped, source)))
              .toList();
      for (int i = 0; i < pending.size(); i++) {
        Source source = sources.get(i);
        try {
          results.add(pending.get(i).get());
          failedInARow = 0;
        } catch (InterruptedException e) {
          threads.shutdownNow();
          Thread.currentThread().interrupt();
          throw new ThrongException(ErrorCode.SHUTTING_DOWN, "the sync was interrupted", e);
        } catch (ExecutionException e) {
          RuntimeException cause = Futures.failure(e, "reading " + source.uri());
          failedInARow = isTransient(cause) ? failedInARow + 1 : 0;
          if (terms.isFollowing()
              && (cause instanceof SyncStopped || failedInARow >= MAX_CONSECUTIVE_FAILURES)) {
            isStopped.set(true);
            throw cause;
          }
          failures.add(recordFailure(source, cause));
        }
        progress.accept(new SyncProgress(first + i + 1, total, source.uri()));
      }
    }
  }

  private Result readWithin(Semaphore inFlight, AtomicBoolean isStopped, Source source)
      throws InterruptedException {
    inFlight.acquire();
    try {
      if (isStopped.get() || !terms.following().mayContinue().getAsBoolean()) {
        throw new SyncStopped();
      }
      return files.read(source);
    } finally {
      inFlight.release();
    }
  }

  private static boolean isTransient(RuntimeException cause) {
    return cause instanceof ThrongException classified && classified.code().kind().isTransient();
  }

  /**
   * Returns the failure of a file, and remembers it if the file itself caused it, so that the file
   * is not read again before it changes.
   */
  private FileFailure recordFailure(Source source, RuntimeException cause) {
    FileFailure failure = failure(source.uri(), cause);
    if (!failure.code().kind().isTransient() && failure.code() != ErrorCode.INTERNAL) {
      terms.remember(source, null, failure);
    }
    return failure;
  }

  private static FileFailure failure(String uri, Throwable cause) {
    return cause instanceof ThrongException classified
        ? new FileFailure(uri, classified.code(), String.valueOf(classified.getMessage()))
        : new FileFailure(uri, ErrorCode.INTERNAL, cause.toString());
  }

  /** Returns the file keys by uri. */
  private static Map<String, Object> keys(List<Source> sources) {
    Map<String, Object> keys = new HashMap<>();
    for (Source source : sources) {
      if (source.stamp().key() != null) {
        keys.put(source.uri(), source.stamp().key());
      }
    }
    return keys;
  }

  private int removeMissing(List<Source> sources) {
    Set<String> present = new HashSet<>();
    sources.forEach(source -> present.add(source.uri()));
    List<String> kept =
        failures.stream().filter(SyncRun::keepsDocuments).map(FileFailure::uri).toList();
    Map<Long, LiveDocument> now = indexer.existingCollection(before.ref()).byVersion();
    List<String> missing =
        before.byUri().values().stream()
            .filter(document -> terms.removable().contains(document.origin()))
            .filter(document -> !present.contains(document.uri()))
            .filter(document ->
                !terms.isBeingRenamed(document.uri())) // the next scan reads it under its new name
            .filter(document -> kept.stream().noneMatch(uri -> isIn(uri, document.uri())))
            .filter(document -> now.containsKey(document.version())) // not replaced meanwhile
            .map(LiveDocument::id)
            .toList();
    indexer.remove(before.ref(), missing);
    return missing.size();
  }

  /**
   * Returns whether documents of the failed file or folder must not be removed. A link that is not
   * followed contains none.
   */
  private static boolean keepsDocuments(FileFailure failure) {
    return failure.code() != ErrorCode.LINK_OUT_OF_FOLDER && failure.code() != ErrorCode.LINK_LOOP;
  }

  private static boolean isIn(String fileOrFolder, String uri) {
    return uri.equals(fileOrFolder) || uri.startsWith(fileOrFolder + "/");
  }

  private int count(Change change) {
    return (int) results.stream().filter(result -> result.change() == change).count();
  }
}
