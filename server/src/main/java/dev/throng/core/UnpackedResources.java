package dev.throng.core;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.jar.JarEntry;

/**
 * Resources of the class path as files. Jars hold native libraries and models compressed, and
 * inflating them takes some 300 ms of each start; here each is unpacked once.
 *
 * <p>A file stands in a folder that is named by its checksum, so another version's file is never
 * taken for it, and it appears there whole or not at all. Code is loaded from these files: where
 * others may have prepared them, such as a data folder that was unpacked from an archive, each is
 * compared with its resource before it is used.
 */
public final class UnpackedResources {
  private static final String FOLDER = "unpacked";
  private static final int COMPARED_BYTES = 1 << 16;

  private final Path folder;
  private final boolean isTrusted;

  private UnpackedResources(Path folder, boolean isTrusted) {
    this.folder = folder.toAbsolutePath();
    this.isTrusted = isTrusted;
  }

  /**
   * Files in a folder whose content is not trusted.
   *
   * @param folder created when needed
   */
  public static UnpackedResources checkedIn(Path folder) {
    return new UnpackedResources(folder, false);
  }

  /**
   * Files beside the program, which are trusted as the program itself is; in a folder below {@code
   * dataFolder}, and checked, where the program's folder cannot be written.
   */
  public static UnpackedResources besideProgramOr(Path dataFolder) {
    try {
      Path program =
          Path.of(
              UnpackedResources.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = program.resolveSibling(FOLDER);
      PrivateFolder.prepare(folder);
      if (PrivateFolder.isOwn(folder) && Files.isWritable(folder)) {
        return new UnpackedResources(folder, true);
      }
    } catch (IOException | URISyntaxException | ThrongException e) {
      return checkedIn(dataFolder.resolve(FOLDER));
    }
    return checkedIn(dataFolder.resolve(FOLDER));
  }

  /**
   * The resource as a file.
   *
   * @param name absolute, with a slash in front
   * @return empty when the class path has no such resource
   * @throws ThrongException STORE_FAILED when it cannot be unpacked
   */
  public Optional<Path> file(String name) {
    return file(name, false);
  }

  /** As {@link #file}, for one that turned out to hold something else than the resource. */
  public Optional<Path> unpackedAgain(String name) {
    return file(name, true);
  }

  private Optional<Path> file(String name, boolean isAnew) {
    URL resource = UnpackedResources.class.getResource(name);
    if (resource == null) {
      return Optional.empty();
    }
    try {
      URLConnection connection = resource.openConnection();
      return Optional.of(
          connection instanceof JarURLConnection inJar
              ? unpacked(name, inJar.getJarEntry(), inJar, isAnew)
              : Path.of(URI.create(resource.toString())));
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.STORE_FAILED,
          "%s cannot be unpacked into %s: %s".formatted(name, folder, e),
          e);
    }
  }

  private static boolean isSame(Path file, URLConnection connection) throws IOException {
    try (InputStream expected = new BufferedInputStream(connection.getInputStream());
        InputStream actual = Files.newInputStream(file)) {
      byte[] wanted = new byte[COMPARED_BYTES];
      byte[] found = new byte[COMPARED_BYTES];
      int length;
      do {
        length = expected.readNBytes(wanted, 0, COMPARED_BYTES);
        int foundLength = actual.readNBytes(found, 0, COMPARED_BYTES);
        if (!Arrays.equals(wanted, 0, length, found, 0, foundLength)) {
          return false;
        }
      } while (length == COMPARED_BYTES);
      return true;
    }
  }

  private Path unpacked(String name, JarEntry entry, URLConnection connection, boolean isAnew)
      throws IOException {
    String checksum = HexFormat.of().toHexDigits((int) entry.getCrc());
    Path file = folder.resolve(checksum).resolve(name.substring(name.lastIndexOf('/') + 1));
    if (!isAnew && Files.isRegularFile(file) && Files.size(file) == entry.getSize()) {
      if (isTrusted || isSame(file, connection)) {
        return file;
      }
      return unpacked(name, entry, connection.getURL().openConnection(), true);
    }
    Files.createDirectories(file.getParent());
    Path partial = Files.createTempFile(file.getParent(), "partial", null);
    try (InputStream in = connection.getInputStream()) {
      Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
    return file;
  }
}
