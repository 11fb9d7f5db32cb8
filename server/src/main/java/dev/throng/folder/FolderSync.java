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
 * Makes a collection equal to files and folders on this machine: new, changed and deleted files
 * alike.
 */
public final class FolderSync {
  private static final Logger log = LoggerFactory.getLogger(FolderSync.class);

  /**
   * Files worked on at once: enough to keep every embedding thread busy while others are parsed.
   */
  private static final int FILES_IN_FLIGHT = 4;

  /** So many failures that are not the files' own fault, one after the other, end the sync. */
  private static final int MAX_IN_A_ROW = 2 * FILES_IN_FLIGHT;

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
   * Reads what changed and publishes it; returns when it can be searched. A file that fails is
   * reported and leaves its earlier version as it was.
   *
   * @param roots files or folders; a document's uri is its path relative to the folder given, or
   *     the file's name
   * @param removeMissing whether documents that were read from files, and are no longer below the
   *     roots, are deleted; a root or folder that cannot be read keeps its documents, and so does
   *     who sent them
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
   * Makes the documents of a folder that is followed equal to it; others of the collection stay.
   *
   * @throws ThrongException when what all files need is away: the rest was not tried
   * @throws SyncStopped as {@code following} says
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
    // Before the files are: what another replica adds meanwhile is not missing.
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
    if (indexer.publish(ref).generation() != before.generation()) {
      // What was written into the index before a switch and not published is gone; what was, is
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
   * Whether what is not in the folder is gone. Where a file system was unmounted, an empty folder
   * is left that is another one.
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
              "the folder was replaced by an empty one (expected: its file system to be mounted);"
                  + " its documents are kept"));
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

  /** A document that a client has sent since the file was read is newer than the file. */
  private static boolean isInPlace(
      CollectionState before, Source source, Entry known, SyncTerms terms) {
    Optional<LiveDocument> live = before.documentAt(source.uri());
    return live.isPresent()
        && (live.get().origin() == Origin.SENT
            || isCurrent(live.get(), known.hash(), terms.origin()));
  }

  /**
   * Whether nothing has to be written: what was read once is taken over by a folder's following.
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
          Throwable cause = e.getCause() == null ? e : e.getCause();
          failedInARow = isTransient(cause) ? failedInARow + 1 : 0;
          if (terms.isFollowing()
              && (cause instanceof SyncStopped || failedInARow > MAX_IN_A_ROW)) {
            isStopped.set(true);
            throw (RuntimeException) cause;
          }
          failures.add(failed(source, cause, terms));
        }
        progress.accept(new SyncProgress(first + i + 1, total, source.uri()));
      }
    }
  }

  private static boolean isTransient(Throwable cause) {
    return cause instanceof ThrongException classified && classified.code().isTransient();
  }

  /** What is the file's own fault is not tried again before the file changes. */
  private static FileFailure failed(Source source, Throwable cause, SyncTerms terms) {
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

  /** Metadata that a client gave the document stays: a file says nothing about it. */
  private Done read(CollectionState before, Source source, SyncTerms terms) {
    if (terms.isFollowing() && source.stamp().isYounger(terms.following().rest(), terms.now())) {
      return leftToTheNext(source, terms);
    }
    Blob content = BlobReader.describe(source.file());
    if (terms.isFollowing() && !stamp(source.file()).equals(source.stamp())) {
      return leftToTheNext(source, terms); // written while it was read
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

  private static Done leftToTheNext(Source source, SyncTerms terms) {
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

  /** By uri. */
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
            .filter(document -> !terms.isBeingRenamed(document.uri())) // so its text is not gone
            .filter(document -> failures.stream().noneMatch(f -> keeps(f, document.uri())))
            .filter(document -> now.containsKey(document.version())) // else sent meanwhile
            .map(LiveDocument::id)
            .toList();
    indexer.remove(before.ref(), missing);
    return missing.size();
  }

  /**
   * Whether the file or folder that could not be read is, or holds, the document: it is not gone. A
   * link that is not followed holds nothing.
   */
  private static boolean keeps(FileFailure failure, String uri) {
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
