package dev.throng.catalog;

import dev.throng.core.UnpackedResources;
import java.nio.file.Path;
import org.sqlite.util.LibraryLoaderUtil;

/** Tells SQLite's driver where its native code is; by itself it unpacks it at each start. */
public final class SqliteLibrary {
  private SqliteLibrary() {}

  /** Must run before the first catalogue is opened; what the jar lacks is left to the driver. */
  public static void locate(UnpackedResources resources) {
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    resources
        .file(resource)
        .map(Path::getParent)
        .ifPresent(folder -> System.setProperty("org.sqlite.lib.path", folder.toString()));
  }
}
