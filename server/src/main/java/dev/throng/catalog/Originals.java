package dev.throng.catalog;

import dev.throng.catalog.BlobStore.LocalFile;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Finds the bytes that live documents were made from: those that a client sent, if they are kept,
 * or an unchanged file in the folder that a collection follows.
 */
public final class Originals {
  private final Catalog catalog;
  private final BlobStore blobs;
  private final Map<CollectionRef, Path> folders = new ConcurrentHashMap<>();

  public Originals(Catalog catalog, BlobStore blobs) {
    this.catalog = catalog;
    this.blobs = blobs;
  }

  /** Records that the collection follows a folder, whose files are its documents. */
  public void follow(CollectionRef ref, Path folder) {
    folders.put(ref, folder);
  }

  /** Returns what is known about the original of a document. */
  public Original of(LiveDocument document) {
    return catalog.originalOf(document);
  }

  /**
   * Returns a stored original. The caller must close it.
   *
   * @throws ThrongException ORIGINAL_MISSING, STORAGE_FAILED
   */
  public LocalFile kept(Original original) {
    return blobs.local(original.blob().key());
  }

  /** Returns the file that a document was read from, if it still has the same bytes. */
  public Optional<Path> followed(CollectionRef ref, LiveDocument document, Original original) {
    Path folder = folders.get(ref);
    if (folder == null || !original.isKnown()) {
      return Optional.empty();
    }
    String decomposed = Normalizer.normalize(document.uri(), Normalizer.Form.NFD);
    return Stream.of(document.uri(), decomposed) // a uri is composed, the file's name may not be
        .flatMap(uri -> fileIn(folder, uri).stream())
        .filter(file -> BlobReader.describe(file).content().equals(original.blob().content()))
        .findFirst();
  }

  private static Optional<Path> fileIn(Path folder, String uri) {
    try {
      Path file = folder.resolve(uri).normalize();
      boolean isThere = file.startsWith(folder) && Files.isRegularFile(file);
      return isThere ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // the uri was chosen by a client
    }
  }

  /**
   * Returns the bytes that a document was made from. The caller must close the file.
   *
   * @throws ThrongException ORIGINAL_NOT_KEPT, ORIGINAL_MISSING, STORAGE_FAILED
   */
  public LocalFile open(CollectionRef ref, LiveDocument document) {
    Original original = of(document);
    if (original.blob().isKept()) {
      return kept(original);
    }
    return followed(ref, document, original)
        .map(Originals::unowned)
        .orElseThrow(() ->
            new ThrongException(
                ErrorCode.ORIGINAL_NOT_KEPT,
                folders.containsKey(ref)
                    ? "the file %s has changed since it was read".formatted(document.uri())
                    : "only the text of %s is stored".formatted(document.uri())));
  }

  private static LocalFile unowned(Path file) {
    return new LocalFile() {
      @Override
      public Path path() {
        return file;
      }

      @Override
      public void close() {}
    };
  }
}
