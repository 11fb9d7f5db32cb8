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
 * Class-path resources as files. Jars hold native libraries and models compressed, and inflating
 * them takes about 300 ms at each start. This class unpacks each of them only once.
 *
 * <p>Each file is in a folder named by its checksum, so a file of another version is never mistaken
 * for it, and it appears there completely or not at all. Code is loaded from these files. In a
 * folder that others may have prepared, such as a data folder unpacked from an archive, each file
 * is compared with its resource before it is used.
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
   * Returns files in a folder whose content is not trusted.
   *
   * @param folder created when needed
   */
  public static UnpackedResources checkedIn(Path folder) {
    return new UnpackedResources(folder, false);
  }

  /**
   * Returns files next to the program, which are trusted like the program itself. If this user does
   * not own that folder or cannot write to it, the files are in a folder below {@code dataFolder}
   * and are checked.
   */
  public static UnpackedResources besideProgramOr(Path dataFolder) {
    try {
      URL program = UnpackedResources.class.getProtectionDomain().getCodeSource().getLocation();
      // Unknown if the start-up cache was trained before the program's folder was moved.
      if (program != null) {
        Path folder = Path.of(program.toURI()).resolveSibling(FOLDER);
        PrivateFolder.prepare(folder);
        if (PrivateFolder.isOwn(folder) && Files.isWritable(folder)) {
          return new UnpackedResources(folder, true);
        }
      }
    } catch (IOException | URISyntaxException | ThrongException e) {
      // the data folder is used instead
    }
    return checkedIn(dataFolder.resolve(FOLDER));
  }

  /**
   * Returns the resource as a file.
   *
   * @param name absolute, with a leading slash
   * @return empty when the class path has no such resource
   * @throws ThrongException DATA_FOLDER_UNWRITABLE when it cannot be unpacked
   */
  public Optional<Path> file(String name) {
    return file(name, false);
  }

  /**
   * Like {@link #file}, but unpacks the resource again because the file turned out to have other
   * content.
   */
  public Optional<Path> unpackAgain(String name) {
    return file(name, true);
  }

  private Optional<Path> file(String name, boolean isForced) {
    URL resource = UnpackedResources.class.getResource(name);
    if (resource == null) {
      return Optional.empty();
    }
    try {
      URLConnection connection = resource.openConnection();
      return Optional.of(
          connection instanceof JarURLConnection inJar
              ? unpacked(name, inJar.getJarEntry(), inJar, isForced)
              : Path.of(URI.create(resource.toString())));
    } catch (IOException e) {
      throw new ThrongException(
          ErrorCode.DATA_FOLDER_UNWRITABLE,
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

  private Path unpacked(String name, JarEntry entry, URLConnection connection, boolean isForced)
      throws IOException {
    String checksum = HexFormat.of().toHexDigits((int) entry.getCrc());
    Path file = folder.resolve(checksum).resolve(name.substring(name.lastIndexOf('/') + 1));
    if (!isForced && Files.isRegularFile(file) && Files.size(file) == entry.getSize()) {
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
