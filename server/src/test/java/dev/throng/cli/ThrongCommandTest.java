package dev.throng.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a data folder that no server uses. */
final class ThrongCommandTest {
  @Test
  void unknownCollectionIsAnErrorAndIsNotCreated(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "Bananas are yellow.");
    String data = folder.resolve("data").toString();
    assertEquals(
        ExitCodes.OK,
        ThrongCommand.execute("ingest", "--data", data, "--collection", "fruit", file.toString()));
    for (int i = 0; i < 2; i++) { // the first attempt must not create it for the second
      assertEquals(ExitCodes.FAILED, search(data, "friut"));
    }
    assertEquals(ExitCodes.OK, search(data, "fruit"));
  }

  private static int search(String data, String collection) {
    return ThrongCommand.execute(
        "search", "--data", data, "--collection", collection, "What colour are bananas?");
  }
}
