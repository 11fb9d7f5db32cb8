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
   * Number of consecutive failures not caused by the files themselves after which the sync ends.
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
    boolean isWhole = found.stream().allMatch(this::isWhole);
    readAll(sources);
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
   * Returns whether files that are not in the folder were deleted. When a file system is unmounted,
   * an empty folder with another identity remains.
   */
  private boolean isWhole(Found found) {
    FileMemory memory = terms.following().memory();
    if (!found.isWhole()) {
      return false;
    }
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

  private void readAll(List<Source> sources) {
    List<Source> unknown = new ArrayList<>();
    for (Source source : sources) {
      Optional<Entry> known = terms.known(source);
      FileFailure failure = known.map(Entry::failure).orElse(null);
      if (failure != null && !known.get().isWorthATry()) {
        failures.add(failure);
      } else if (failure == null && known.isPresent() && files.isInPlace(source, known.get())) {
        results.add(new Result(Change.UNCHANGED, 0));
      } else {
        unknown.add(source);
      }
    }
    if (!unknown.isEmpty()) {
      read(unknown, sources.size());
    }
  }

  private void read(List<Source> unknown, int total) {
    int first = total - unknown.size();
    int failedInARow = 0;
    AtomicBoolean isStopped = new AtomicBoolean();
    Semaphore inFlight = new Semaphore(FILES_IN_FLIGHT);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ingest-", 0).factory())) {
      List<Future<Result>> pending =
          unknown.stream()
              .map(source -> threads.submit(() -> bounded(inFlight, isStopped, source)))
              .toList();
      for (int i = 0; i < pending.size(); i++) {
        Source source = unknown.get(i);
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
              && (cause instanceof SyncStopped || failedInARow > MAX_CONSECUTIVE_FAILURES)) {
            isStopped.set(true);
            throw cause;
          }
          failures.add(failed(source, cause));
        }
        progress.accept(new SyncProgress(first + i + 1, total, source.uri()));
      }
    }
  }

  private Result bounded(Semaphore inFlight, AtomicBoolean isStopped, Source source)
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
   * Returns the failure of a file. A failure that the file itself caused is not retried before the
   * file changes.
   */
  private FileFailure failed(Source source, RuntimeException cause) {
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
    Map<Long, LiveDocument> now = indexer.existingCollection(before.ref()).byVersion();
    List<String> missing =
        before.byUri().values().stream()
            .filter(document -> terms.removable().contains(document.origin()))
            .filter(document -> !present.contains(document.uri()))
            .filter(document -> !terms.isBeingRenamed(document.uri())) // its text is not deleted
            .filter(document -> failures.stream().noneMatch(f -> mustKeep(f, document.uri())))
            .filter(document -> now.containsKey(document.version())) // or sent in the meantime
            .map(LiveDocument::id)
            .toList();
    indexer.remove(before.ref(), missing);
    return missing.size();
  }

  /**
   * Returns whether the failed file or folder is, or contains, the document, which then must not be
   * removed. A link that is not followed contains nothing.
   */
  private static boolean mustKeep(FileFailure failure, String uri) {
    return failure.code() != ErrorCode.LINK_OUT_OF_FOLDER
        && failure.code() != ErrorCode.LINK_LOOP
        && (uri.equals(failure.uri()) || uri.startsWith(failure.uri() + "/"));
  }

  private int count(Change change) {
    return (int) results.stream().filter(result -> result.change() == change).count();
  }
}
