package dev.throng.catalog;

import dev.throng.core.UnpackedResources;
import java.nio.file.Path;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Sets the location of the native code of SQLite's driver. By default, the driver unpacks it at
 * each start.
 */
public final class SqliteLibrary {
  private SqliteLibrary() {}

  /**
   * Must run before the first catalogue is opened. If the jar has no code for this system, the
   * driver uses its own default.
   */
  public static void locate(UnpackedResources resources) {
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    resources
        .file(resource)
        .map(Path::getParent)
        .ifPresent(folder -> System.setProperty("org.sqlite.lib.path", folder.toString()));
  }
}
