package dev.throng.folder;

import dev.throng.core.ErrorCode;
import dev.throng.core.UnicodeForms;
import dev.throng.parser.client.DocumentParser;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of a folder that may be documents. Links are followed if they lead to a target
 * within the folder, and to no folder twice, so the scan ends. A link out of the folder could
 * publish files that were not meant to be published. Hidden files are ignored unless a link names
 * them.
 */
final class FolderScan {
  /**
   * A file that may be a document.
   *
   * @param file its path, with links resolved
   * @param name its name in the folder, whose extension gives the format
   */
  record Source(Path file, String name, String uri, FileStamp stamp) {}

  /**
   * The result of a scan.
   *
   * @param sources by uri
   * @param skipped number of files of unsupported formats
   * @param isWhole whether the folder existed and could be listed, so that files that are not in it
   *     are known to be deleted
   * @param key the file system's key of the folder
   */
  record Found(
      List<Source> sources,
      List<FileFailure> failures,
      int skipped,
      boolean isWhole,
      @Nullable Object key) {}

  /** Receives every folder before it is listed. */
  interface Folders {
    void beforeListing(Path folder, Object key);
  }

  private final Path base;
  private final Folders folders;
  private final List<Source> sources = new ArrayList<>();
  private final List<FileFailure> failures = new ArrayList<>();
  private final Set<Object> linked = new HashSet<>();
  private int skipped;

  private FolderScan(Path base, Folders folders) {
    this.base = base;
    this.folders = folders;
  }

  /**
   * Scans a folder, or a single file.
   *
   * @param root a link is followed wherever it leads, because the caller named it
   */
  static Found of(Path root, Folders folders) {
    try {
      Path base = root.toRealPath();
      BasicFileAttributes attributes = attributes(base);
      FolderScan scan = new FolderScan(base, folders);
      if (attributes.isDirectory()) {
        Set<Object> above = new HashSet<>(Set.of(key(base, attributes)));
        scan.list(base, "", above);
        attributes(base); // deleted in the meantime?
      } else {
        String name = UnicodeForms.composed(root.getFileName().toString());
        scan.sources.add(new Source(base, name, name, FileStamp.of(attributes)));
      }
      scan.sources.sort(Comparator.comparing(Source::uri));
      scan.refuseSameNames();
      return new Found(
          List.copyOf(scan.sources),
          List.copyOf(scan.failures),
          scan.skipped,
          true,
          attributes.fileKey());
    } catch (IOException e) {
      FileFailure failure =
          new FileFailure(root.toString(), ErrorCode.DOCUMENT_UNREADABLE, e.toString());
      return new Found(List.of(), List.of(failure), 0, false, null);
    }
  }

  /** Passes over files whose names differ only in how Unicode writes them. */
  private void refuseSameNames() {
    for (int i = sources.size() - 1; i > 0; i--) {
      String uri = sources.get(i).uri();
      if (uri.equals(sources.get(i - 1).uri())) {
        sources.remove(i);
        failures.add(
            new FileFailure(
                uri,
                ErrorCode.DOCUMENT_UNREADABLE,
                uri + ": another file has the same name in other Unicode characters (rename one)"));
      }
    }
  }

  /**
   * Lists a folder.
   *
   * @param above the folders that contain it, including itself
   */
  private void list(Path folder, String uri, Set<Object> above) throws IOException {
    folders.beforeListing(folder, key(folder, attributes(folder)));
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.naturalOrder());
    for (Path entry : entries) {
      String name = UnicodeForms.composed(entry.getFileName().toString());
      if (!name.startsWith(".")) {
        visit(entry, uri.isEmpty() ? name : uri + "/" + name, above);
      }
    }
  }

  private void visit(Path entry, String uri, Set<Object> above) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        follow(entry, uri, above);
      } else {
        take(entry, uri, attributes, above);
      }
    } catch (NoSuchFileException e) {
      return; // deleted since the folder was listed
    } catch (IOException e) {
      failures.add(new FileFailure(uri, ErrorCode.DOCUMENT_UNREADABLE, e.toString()));
    }
  }

  private void take(Path file, String uri, BasicFileAttributes attributes, Set<Object> above)
      throws IOException {
    if (attributes.isDirectory()) {
      Object key = key(file, attributes);
      if (above.add(key)) {
        try {
          list(file, uri, above);
        } finally {
          above.remove(key);
        }
      }
      return;
    }
    String name = uri.substring(uri.lastIndexOf('/') + 1);
    if (!attributes.isRegularFile() || !DocumentParser.isSupported(name)) {
      skipped++;
      return;
    }
    sources.add(new Source(file, name, uri, FileStamp.of(attributes)));
  }

  private void follow(Path link, String uri, Set<Object> above) throws IOException {
    Path target;
    try {
      target = link.toRealPath();
    } catch (IOException e) {
      failures.add(
          new FileFailure(
              uri, ErrorCode.DOCUMENT_UNREADABLE, uri + ": a link without a target: " + e));
      return;
    }
    if (!target.startsWith(base)) {
      failures.add(
          new FileFailure(uri, ErrorCode.LINK_OUT_OF_FOLDER, uri + ": leads to " + target));
      return;
    }
    BasicFileAttributes attributes = attributes(target);
    if (attributes.isDirectory()) {
      Object key = key(target, attributes);
      if (above.contains(key)) {
        String detail = "%s: leads to %s, which contains it".formatted(uri, target);
        failures.add(new FileFailure(uri, ErrorCode.LINK_LOOP, detail));
        return;
      }
      if (!linked.add(key)) { // nested links would multiply
        String detail = "%s: leads to %s, like another link".formatted(uri, target);
        failures.add(new FileFailure(uri, ErrorCode.LINK_LOOP, detail));
        return;
      }
    }
    take(target, uri, attributes, above);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  private static Object key(Path folder, BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return key == null ? folder : key;
  }
}
