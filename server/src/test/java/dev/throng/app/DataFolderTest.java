package dev.throng.app;

import static dev.throng.fixtures.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault of a data folder has its own error code. */
final class DataFolderTest {
  @TempDir private Path folder = Path.of("");

  private LocalServer server(Path data) {
    return LocalServer.create(data, new Ids(new SplittableRandom()));
  }

  @Test
  void folderOfAnotherProcessIsInUseUntilItEnds() {
    Path data = folder.resolve("data");
    DataLock held = DataLock.take(data);
    assertFails(ErrorCode.DATA_FOLDER_IN_USE, () -> DataLock.take(data), data.toString());
    held.close();
    DataLock.take(data).close();
  }

  @Test
  void folderThatCannotBeWrittenIsNamed() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("lock"));
    assertFails(ErrorCode.DATA_FOLDER_UNWRITABLE, () -> DataLock.take(data), data.toString());
  }

  @Test
  void addressOfTheServerIsFoundWhileItRuns() throws IOException {
    try (LocalServer server = server(folder)) {
      server.announce(1234);
      LocalServer.Address found = LocalServer.find(folder).orElseThrow();
      assertEquals("http://127.0.0.1:1234", found.url());
      assertEquals(server.token(), found.token());
    }
    assertTrue(LocalServer.find(folder).isEmpty());
    Path missing = folder.resolve("missing");
    assertFails(ErrorCode.DATA_FOLDER_UNWRITABLE, () -> server(missing).announce(1), "server.json");
  }
}
