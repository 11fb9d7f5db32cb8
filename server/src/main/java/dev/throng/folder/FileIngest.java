package dev.throng.folder;

import dev.throng.catalog.Blob;
import dev.throng.catalog.BlobReader;
import dev.throng.catalog.CollectionState;
import dev.throng.catalog.DocumentSource;
import dev.throng.catalog.LiveDocument;
import dev.throng.catalog.Origin;
import dev.throng.core.ErrorCode;
import dev.throng.core.Hash;
import dev.throng.core.Metadata;
import dev.throng.core.ThrongException;
import dev.throng.folder.FileMemory.Entry;
import dev.throng.folder.FolderScan.Source;
import dev.throng.index.Indexer;
import dev.throng.index.IngestTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ingests the files of a sync whose documents are not current. Safe for many threads. */
final class FileIngest {
  private static final Logger log = LoggerFactory.getLogger(FileIngest.class);

  /** What became of the document of a file. */
  enum Change {
    ADDED,
    CHANGED,
    UNCHANGED,
    /** The file is being written, and is left to the next sync. */
    UNSETTLED
  }

  record Result(Change change, int chunks) {}

  private final Indexer indexer;
  private final CollectionState before;
  private final SyncTerms terms;

  /**
   * Creates the ingest.
   *
   * @param before the collection at the start of the sync
   */
  FileIngest(Indexer indexer, CollectionState before, SyncTerms terms) {
    this.indexer = indexer;
    this.before = before;
    this.terms = terms;
  }

  /**
   * Returns whether the live document may stay, without reading the file. A document that a client
   * has sent since the file was read is newer than the file.
   *
   * @param known the file at the last scan
   */
  boolean isInPlace(Source source, Entry known) {
    Optional<LiveDocument> live = before.documentAt(source.uri());
    return live.isPresent()
        && (live.get().origin() == Origin.SENT || isCurrent(live.get(), known.hash()));
  }

  /**
   * Returns whether nothing has to be written. A document that was read once on request is taken
   * over by the following of a folder.
   */
  private boolean isCurrent(LiveDocument live, @Nullable Hash hash) {
    return live.contentHash().equals(hash)
        && !(live.origin() == Origin.READ && terms.origin() == Origin.MIRRORED);
  }

  /** Reads a file. Metadata that a client set for the document stays, because a file has none. */
  Result read(Source source) {
    if (terms.isFollowing() && source.stamp().isYounger(terms.following().rest(), terms.now())) {
      return postponed(source);
    }
    Blob content = BlobReader.describe(source.file());
    if (terms.isFollowing() && !stamp(source.file()).equals(source.stamp())) {
      return postponed(source); // changed while it was read
    }
    Hash hash = indexer.contentHash(before.ref(), content.content(), source.name());
    Optional<LiveDocument> known = before.documentAt(source.uri());
    if (known.isPresent() && isCurrent(known.get(), hash)) {
      terms.remember(source, known.get().contentHash(), null);
      return new Result(Change.UNCHANGED, 0);
    }
    Metadata metadata = known.map(LiveDocument::metadata).orElse(Metadata.NONE);
    int chunks = ingest(source, content, hash, metadata);
    terms.remember(source, hash, null);
    return new Result(known.isPresent() ? Change.CHANGED : Change.ADDED, chunks);
  }

  private int ingest(Source source, Blob content, Hash hash, Metadata metadata) {
    DocumentSource document =
        new DocumentSource(
            source.uri(),
            source.name(),
            null,
            metadata,
            source.stamp().modifiedAt(),
            content,
            terms.origin());
    return indexer.ingest(
        new IngestTask(
            before.ref(),
            document,
            source.file(),
            hash,
            null,
            progress -> {},
            words -> log.warn("{}: {}", document.uri(), words)));
  }

  private Result postponed(Source source) {
    terms.noteBeingWritten(source);
    return new Result(Change.UNSETTLED, 0);
  }

  private static FileStamp stamp(Path file) {
    try {
      return FileStamp.of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      throw new ThrongException(ErrorCode.DOCUMENT_UNREADABLE, file + ": " + e, e);
    }
  }
}
