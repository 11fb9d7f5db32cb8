package dev.throng.core;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.jar.JarEntry;

/**
 * Resources of the class path as files. Jars hold native libraries and models compressed, and to
 * inflate them anew costs each start some 300 ms; here each is unpacked once.
 *
 * <p>A file stands in a folder that is named by its checksum, so another version's file is never
 * taken for it, and it appears there whole or not at all.
 */
public final class UnpackedResources {
  private final Path folder;

  /**
   * @param folder where they are kept; created when needed
   */
  public UnpackedResources(Path folder) {
    this.folder = folder.toAbsolutePath();
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

  private Path unpacked(String name, JarEntry entry, URLConnection connection, boolean isAnew)
      throws IOException {
    String checksum = HexFormat.of().toHexDigits((int) entry.getCrc());
    Path file = folder.resolve(checksum).resolve(name.substring(name.lastIndexOf('/') + 1));
    if (!isAnew && Files.isRegularFile(file) && Files.size(file) == entry.getSize()) {
      return file;
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
