package dev.throng.folder;

import static java.util.stream.Collectors.toCollection;

import dev.throng.catalog.Blob;
import dev.throng.catalog.BlobReader;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Origin;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Futures;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.folder.FileMemory.Entry;
import dev.throng.folder.FolderScan.Found;
import dev.throng.folder.FolderScan.Source;
import dev.throng.index.Indexer;
import dev.throng.index.IngestTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a collection equal to files and folders on this machine, including new, changed and deleted
 * files.
 */
public final class FolderSync {
  private static final Logger log = LoggerFactory.getLogger(FolderSync.class);

  /**
   * Number of files processed simultaneously: enough to keep every embedding thread busy while
   * others are parsed.
   */
  private static final int FILES_IN_FLIGHT = 4;

  /**
   * Number of consecutive failures not caused by the files themselves after which the sync ends.
   */
  private static final int MAX_CONSECUTIVE_FAILURES = 2 * FILES_IN_FLIGHT;

  private enum Change {
    ADDED,
    CHANGED,
    UNCHANGED,
    UNSETTLED
  }

  private record Done(Change change, int chunks) {}

  private final Indexer indexer;

  public FolderSync(Indexer indexer) {
    this.indexer = indexer;
  }

  /**
   * Reads what changed and publishes it. When this returns, it can be searched. A file that fails
   * is reported, and its earlier version stays.
   *
   * @param roots files or folders; a document's uri is its path relative to the given folder, or
   *     the file's name
   * @param removeMissing whether documents that were read from files, and are no longer below the
   *     roots, are deleted; documents of a root or folder that cannot be read stay, and so do
   *     documents that clients sent
   */
  public SyncReport sync(
      CollectionRef ref, List<Path> roots, boolean removeMissing, Consumer<SyncProgress> progress) {
    Set<Origin> removable =
        removeMissing ? EnumSet.of(Origin.READ, Origin.MIRRORED) : EnumSet.noneOf(Origin.class);
    Following once =
        new Following(new FileMemory(), Duration.ZERO, (folder, key) -> {}, () -> true);
    return sync(
        ref, roots, new SyncTerms(Origin.READ, removable, once, false, Instant.EPOCH), progress);
  }

  /**
   * Makes the documents of a followed folder equal to it. Other documents of the collection stay.
   *
   * @throws ThrongException when something that all files need is unavailable; the remaining files
   *     were not tried
   * @throws SyncStopped as {@code following} specifies
   */
  SyncReport follow(
      CollectionRef ref,
      Path root,
      Following following,
      Instant now,
      Consumer<SyncProgress> progress) {
    SyncTerms terms =
        new SyncTerms(Origin.MIRRORED, EnumSet.of(Origin.MIRRORED), following, true, now);
    return sync(ref, List.of(root), terms, progress);
  }

  private SyncReport sync(
      CollectionRef ref, List<Path> roots, SyncTerms terms, Consumer<SyncProgress> progress) {
    // Read before the files, so that documents that another replica adds in the meantime do not
    // count as missing.
    CollectionState before = indexer.preparedCollection(ref);
    List<Found> found =
        roots.stream().map(root -> FolderScan.of(root, terms.following().folders())).toList();
    List<Source> sources = found.stream().flatMap(each -> each.sources().stream()).toList();
    List<FileFailure> failures =
        found.stream()
            .flatMap(each -> each.failures().stream())
            .collect(toCollection(ArrayList::new));
    boolean isWhole = found.stream().allMatch(each -> isWhole(before, each, terms, failures));
    List<Done> done = readAll(before, sources, failures, terms, progress);
    int removed = isWhole ? removeMissing(before, sources, failures, terms) : 0;
    if (indexer.publish(ref).indexNumber() != before.indexNumber()) {
      // After a switch, unpublished documents in the old index are gone, and published ones are
      // found unchanged.
      return sync(ref, roots, terms, progress);
    }
    terms.following().memory().keepKeys(keys(sources));
    return new SyncReport(
        count(done, Change.ADDED),
        count(done, Change.CHANGED),
        count(done, Change.UNCHANGED),
        removed,
        done.stream().mapToInt(Done::chunks).sum(),
        count(done, Change.UNSETTLED),
        found.stream().mapToInt(Found::skipped).sum(),
        List.copyOf(failures));
  }

  /**
   * Returns whether files that are not in the folder were deleted. When a file system is unmounted,
   * an empty folder with another identity remains.
   */
  private static boolean isWhole(
      CollectionState before, Found found, SyncTerms terms, List<FileFailure> failures) {
    FileMemory memory = terms.following().memory();
    if (!found.isWhole()) {
      return false;
    }
    if (found.sources().isEmpty()
        && !memory.isSameRoot(found.key())
        && hasRemovable(before, terms)) {
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

  private static boolean hasRemovable(CollectionState state, SyncTerms terms) {
    return state.byUri().values().stream()
        .anyMatch(document -> terms.removable().contains(document.origin()));
  }

  private List<Done> readAll(
      CollectionState before,
      List<Source> sources,
      List<FileFailure> failures,
      SyncTerms terms,
      Consumer<SyncProgress> progress) {
    List<Done> done = new ArrayList<>();
    List<Source> unknown = new ArrayList<>();
    for (Source source : sources) {
      Optional<Entry> known = terms.known(source);
      FileFailure failure = known.map(Entry::failure).orElse(null);
      if (failure != null && !known.get().isWorthATry()) {
        failures.add(failure);
      } else if (failure == null
          && known.isPresent()
          && isInPlace(before, source, known.get(), terms)) {
        done.add(new Done(Change.UNCHANGED, 0));
      } else {
        unknown.add(source);
      }
    }
    if (!unknown.isEmpty()) {
      read(before, unknown, sources.size(), done, failures, terms, progress);
    }
    return done;
  }

  /**
   * Returns whether the live document may stay. A document that a client has sent since the file
   * was read is newer than the file.
   */
  private static boolean isInPlace(
      CollectionState before, Source source, Entry known, SyncTerms terms) {
    Optional<LiveDocument> live = before.documentAt(source.uri());
    return live.isPresent()
        && (live.get().origin() == Origin.SENT
            || isCurrent(live.get(), known.hash(), terms.origin()));
  }

  /**
   * Returns whether nothing has to be written. A document that was read once on request is taken
   * over by the following of a folder.
   */
  private static boolean isCurrent(LiveDocument live, @Nullable Hash hash, Origin origin) {
    return live.contentHash().equals(hash)
        && !(live.origin() == Origin.READ && origin == Origin.MIRRORED);
  }

  private void read(
      CollectionState before,
      List<Source> unknown,
      int total,
      List<Done> done,
      List<FileFailure> failures,
      SyncTerms terms,
      Consumer<SyncProgress> progress) {
    int first = total - unknown.size();
    int failedInARow = 0;
    AtomicBoolean isStopped = new AtomicBoolean();
    Semaphore inFlight = new Semaphore(FILES_IN_FLIGHT);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ingest-", 0).factory())) {
      List<Future<Done>> pending =
          unknown.stream()
              .map(source ->
                  threads.submit(() -> bounded(inFlight, isStopped, before, source, terms)))
              .toList();
      for (int i = 0; i < pending.size(); i++) {
        Source source = unknown.get(i);
        try {
          done.add(pending.get(i).get());
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
          failures.add(failed(source, cause, terms));
        }
        progress.accept(new SyncProgress(first + i + 1, total, source.uri()));
      }
    }
  }

  private static boolean isTransient(RuntimeException cause) {
    return cause instanceof ThrongException classified && classified.code().isTransient();
  }

  /**
   * Returns the failure of a file. A failure that the file itself caused is not retried before the
   * file changes.
   */
  private static FileFailure failed(Source source, RuntimeException cause, SyncTerms terms) {
    FileFailure failure = failure(source.uri(), cause);
    if (!failure.code().isTransient() && failure.code() != ErrorCode.INTERNAL) {
      terms.remember(source, null, failure);
    }
    return failure;
  }

  private Done bounded(
      Semaphore inFlight,
      AtomicBoolean isStopped,
      CollectionState before,
      Source source,
      SyncTerms terms)
      throws InterruptedException {
    inFlight.acquire();
    try {
      if (isStopped.get() || !terms.following().mayGoOn().getAsBoolean()) {
        throw new SyncStopped();
      }
      return read(before, source, terms);
    } finally {
      inFlight.release();
    }
  }

  /** Reads a file. Metadata that a client set for the document stays, because a file has none. */
  private Done read(CollectionState before, Source source, SyncTerms terms) {
    if (terms.isFollowing() && source.stamp().isYounger(terms.following().rest(), terms.now())) {
      return postponed(source, terms);
    }
    Blob content = BlobReader.describe(source.file());
    if (terms.isFollowing() && !stamp(source.file()).equals(source.stamp())) {
      return postponed(source, terms); // changed while it was read
    }
    Hash hash = indexer.contentHash(before.ref(), content.content(), source.name());
    Optional<LiveDocument> known = before.documentAt(source.uri());
    if (known.isPresent() && isCurrent(known.get(), hash, terms.origin())) {
      terms.remember(source, known.get().contentHash(), null);
      return new Done(Change.UNCHANGED, 0);
    }
    Metadata metadata = known.map(LiveDocument::metadata).orElse(Metadata.NONE);
    DocumentSource document =
        new DocumentSource(
            source.uri(),
            source.name(),
            null,
            metadata,
            source.stamp().modifiedAt(),
            content,
            terms.origin());
    int chunks =
        indexer.ingest(
            new IngestTask(
                before.ref(),
                document,
                source.file(),
                hash,
                null,
                progress -> {},
                words -> log.warn("{}: {}", document.uri(), words)));
    terms.remember(source, hash, null);
    return new Done(known.isPresent() ? Change.CHANGED : Change.ADDED, chunks);
  }

  private static Done postponed(Source source, SyncTerms terms) {
    terms.noteBeingWritten(source);
    return new Done(Change.UNSETTLED, 0);
  }

  private static FileStamp stamp(Path file) {
    try {
      return FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
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

  private int removeMissing(
      CollectionState before, List<Source> sources, List<FileFailure> failures, SyncTerms terms) {
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

  private static int count(List<Done> done, Change change) {
    return (int) done.stream().filter(d -> d.change() == change).count();
  }

  private static FileFailure failure(String uri, Throwable cause) {
    return cause instanceof ThrongException classified
        ? new FileFailure(uri, classified.code(), String.valueOf(classified.getMessage()))
        : new FileFailure(uri, ErrorCode.INTERNAL, cause.toString());
  }
}
