package dev.throng.folder;

import dev.throng.core.ErrorCode;
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
 * Finds the files of a folder that may be documents. Links are followed where they lead to
 * something within the folder, and to no folder twice, so the walk ends; one that leads elsewhere
 * could show what nobody meant to show. What is hidden is passed over, unless a link names it.
 */
final class FolderScan {
  /**
   * A file that may be a document.
   *
   * @param file where it is, links resolved
   * @param name as the folder calls it; its ending says the format
   */
  record Source(Path file, String name, String uri, FileStamp stamp) {}

  /**
   * What was found.
   *
   * @param sources by uri
   * @param skipped how many files are of formats that are not read
   * @param isWhole whether the folder was there and could be listed, so that what is not in it is
   *     known to be gone
   * @param key the file system's name for the folder
   */
  record Found(
      List<Source> sources,
      List<FileFailure> failures,
      int skipped,
      boolean isWhole,
      @Nullable Object key) {}

  /** Hears of every folder before it is listed. */
  interface Folders {
    void found(Path folder, Object key);
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
   * Looks at a folder, or at one file.
   *
   * @param root a link is followed, wherever it leads: who gave it meant it
   */
  static Found of(Path root, Folders folders) {
    try {
      Path base = root.toRealPath();
      BasicFileAttributes attributes = attributes(base);
      FolderScan scan = new FolderScan(base, folders);
      if (attributes.isDirectory()) {
        Set<Object> above = new HashSet<>(Set.of(key(base, attributes)));
        scan.list(base, "", above);
        attributes(base); // gone meanwhile?
      } else {
        String name = root.getFileName().toString();
        scan.sources.add(new Source(base, name, name, FileStamp.of(attributes)));
      }
      scan.sources.sort(Comparator.comparing(Source::uri));
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

  /**
   * @param above the folders that it is in, itself too
   */
  private void list(Path folder, String uri, Set<Object> above) throws IOException {
    folders.found(folder, key(folder, attributes(folder)));
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.naturalOrder());
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (!name.startsWith(".")) {
        look(entry, uri.isEmpty() ? name : uri + "/" + name, above);
      }
    }
  }

  private void look(Path entry, String uri, Set<Object> above) {
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
          new FileFailure(uri, ErrorCode.DOCUMENT_UNREADABLE, uri + ": a link to nothing: " + e));
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
        String detail = "%s: leads to %s, which it is in".formatted(uri, target);
        failures.add(new FileFailure(uri, ErrorCode.LINK_LOOP, detail));
        return;
      }
      if (!linked.add(key)) { // links to folders full of links would multiply
        String detail = "%s: leads to %s, as another link does".formatted(uri, target);
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
