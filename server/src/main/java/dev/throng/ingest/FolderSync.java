package dev.throng.ingest;

import dev.throng.catalog.Blob;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.LiveDocument;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.ingest.parse.DocumentParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes a collection equal to files and folders on this machine: new, changed and deleted files
 * alike.
 */
public final class FolderSync {
  /**
   * Files worked on at once: enough to keep every embedding thread busy while others are parsed.
   */
  private static final int FILES_IN_FLIGHT = 4;

  /**
   * How far a sync is.
   *
   * @param done files looked at so far
   * @param total files found
   */
  public record Progress(int done, int total, String uri) {}

  /** What a sync did; {@code failures} are files that could not be read, each with its reason. */
  public record Report(
      int added, int changed, int unchanged, int removed, int chunks, List<Failure> failures) {
    private static final int SHOWN_FAILURES = 20;

    /** The same in words, for a job's detail. */
    String summary() {
      String failed =
          failures.stream()
              .limit(SHOWN_FAILURES)
              .map(failure -> "%s (%s)".formatted(failure.uri(), failure.code().code()))
              .collect(Collectors.joining(", "));
      return "%d added, %d changed, %d removed, %d unchanged, %d not read%s"
          .formatted(
              added,
              changed,
              removed,
              unchanged,
              failures.size(),
              failures.isEmpty() ? "" : ": " + failed);
    }
  }

  public record Failure(String uri, ErrorCode code, String detail) {}

  private enum Change {
    ADDED,
    CHANGED,
    UNCHANGED
  }

  private record Done(Change change, int chunks) {}

  private record Source(Path file, String uri) {}

  private final Ingester ingester;

  public FolderSync(Ingester ingester) {
    this.ingester = ingester;
  }

  /**
   * Reads what changed and publishes it; returns when it can be searched. A file that fails is
   * reported and leaves its earlier version as it was.
   *
   * @param roots files or folders; a document's uri is its path relative to the folder given, or
   *     the file's name
   * @param removeMissing whether documents of the collection that are no longer below the roots are
   *     deleted; a root or folder that cannot be read keeps its documents
   */
  public Report sync(
      CollectionRef ref, List<Path> roots, boolean removeMissing, Consumer<Progress> progress) {
    List<Failure> failures = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    for (Path root : roots) {
      sources.addAll(find(root, failures));
    }
    CollectionState before = ingester.openCollection(ref);
    List<Done> done = readAll(before, sources, failures, progress);
    boolean canRemove = removeMissing && roots.stream().allMatch(Files::exists);
    int removed = canRemove ? removeMissing(before, sources, failures) : 0;
    ingester.publish(ref);
    return new Report(
        count(done, Change.ADDED),
        count(done, Change.CHANGED),
        count(done, Change.UNCHANGED),
        removed,
        done.stream().mapToInt(Done::chunks).sum(),
        List.copyOf(failures));
  }

  private List<Done> readAll(
      CollectionState before,
      List<Source> sources,
      List<Failure> failures,
      Consumer<Progress> progress) {
    List<Done> done = new ArrayList<>();
    Semaphore inFlight = new Semaphore(FILES_IN_FLIGHT);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ingest-", 0).factory())) {
      List<Future<Done>> pending =
          sources.stream()
              .map(source -> threads.submit(() -> bounded(inFlight, before, source)))
              .toList();
      for (int i = 0; i < pending.size(); i++) {
        String uri = sources.get(i).uri();
        try {
          done.add(pending.get(i).get());
        } catch (InterruptedException e) {
          threads.shutdownNow();
          Thread.currentThread().interrupt();
          throw new ThrongException(ErrorCode.SHUTTING_DOWN, "the sync was interrupted", e);
        } catch (java.util.concurrent.ExecutionException e) {
          failures.add(failure(uri, e.getCause() == null ? e : e.getCause()));
        }
        progress.accept(new Progress(i + 1, sources.size(), uri));
      }
    }
    return done;
  }

  private Done bounded(Semaphore inFlight, CollectionState before, Source source)
      throws InterruptedException {
    inFlight.acquire();
    try {
      return read(before, source);
    } finally {
      inFlight.release();
    }
  }

  /** Metadata that somebody gave the document stays: a file says nothing about it. */
  private Done read(CollectionState before, Source source) {
    Blob content = content(source.file());
    Hash hash = ingester.contentHash(content.content());
    Optional<LiveDocument> known = before.documentAt(source.uri());
    if (known.isPresent() && known.get().contentHash().equals(hash)) {
      return new Done(Change.UNCHANGED, 0);
    }
    String name = source.file().getFileName().toString();
    Metadata metadata = known.map(LiveDocument::metadata).orElse(Metadata.NONE);
    DocumentSource document =
        new DocumentSource(source.uri(), name, null, metadata, modifiedAt(source.file()), content);
    int chunks =
        ingester.ingest(
            new Intake(before.ref(), document, source.file(), hash, null, progress -> {}));
    return new Done(known.isPresent() ? Change.CHANGED : Change.ADDED, chunks);
  }

  /** Length and hash; the file itself is the original, so none is kept. */
  private static Blob content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Blob.of(in);
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }

  private static Instant modifiedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }

  private int removeMissing(CollectionState before, List<Source> sources, List<Failure> failures) {
    Set<String> present = new HashSet<>();
    sources.forEach(source -> present.add(source.uri()));
    List<String> missing =
        before.byUri().values().stream()
            .filter(document -> !present.contains(document.uri()))
            .filter(document -> failures.stream().noneMatch(f -> holds(f.uri(), document.uri())))
            .map(LiveDocument::id)
            .toList();
    ingester.remove(before.ref(), missing);
    return missing.size();
  }

  /**
   * Whether the file or folder that could not be read is, or holds, the document: it is not gone.
   */
  private static boolean holds(String unreadable, String uri) {
    return uri.equals(unreadable) || uri.startsWith(unreadable + "/");
  }

  private static int count(List<Done> done, Change change) {
    return (int) done.stream().filter(d -> d.change() == change).count();
  }

  private static Failure failure(String uri, Throwable cause) {
    return cause instanceof ThrongException classified
        ? new Failure(uri, classified.code(), String.valueOf(classified.getMessage()))
        : new Failure(uri, ErrorCode.INTERNAL, cause.toString());
  }

  private static List<Source> find(Path root, List<Failure> failures) {
    List<Source> found = new ArrayList<>();
    if (Files.isRegularFile(root)) {
      return List.of(new Source(root, root.getFileName().toString()));
    }
    try {
      Path base = root.toRealPath(); // a link given as root is meant to be followed
      Files.walkFileTree(
          base,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean isHidden =
                  !folder.equals(base) && folder.getFileName().toString().startsWith(".");
              return isHidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              boolean isHidden = file.getFileName().toString().startsWith(".");
              if (!isHidden
                  && attributes.isRegularFile()
                  && DocumentParser.isSupported(file.getFileName().toString())) {
                found.add(new Source(file, uri(base, file)));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              failures.add(
                  new Failure(uri(base, file), ErrorCode.DOCUMENT_UNREADABLE, e.toString()));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      failures.add(new Failure(root.toString(), ErrorCode.DOCUMENT_UNREADABLE, e.toString()));
    }
    found.sort(java.util.Comparator.comparing(Source::uri));
    return found;
  }

  private static String uri(Path base, Path file) {
    return base.relativize(file).toString().replace('\\', '/');
  }
}
