package dev.throng.folder;

import dev.throng.catalog.CollectionState;
import dev.throng.catalog.Origin;
import dev.throng.core.CollectionRef;
import dev.throng.core.ThrongException;
import dev.throng.index.Indexer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a collection equal to files and folders on this machine, including new, changed and deleted
 * files.
 */
public final class FolderSync {
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
    while (true) {
      // Read before the files, so that documents that another replica adds in the meantime do not
      // count as missing.
      CollectionState before = indexer.preparedCollection(ref);
      Optional<SyncReport> report = new SyncRun(indexer, before, terms, progress).run(roots);
      if (report.isPresent()) {
        return report.get();
      }
      // After a switch, unpublished documents in the old index are gone, and published ones are
      // found unchanged by the next run.
    }
  }
}
