package dev.throng.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.fixtures.BeirFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a data folder that no server uses: they open it themselves. */
final class OwnServerCommandsTest {
  @TempDir private Path folder = Path.of("");

  private String data() {
    return folder.resolve("data").toString();
  }

  private CommandRun search(String collection) {
    return CommandRun.of(
        "search", "--data", data(), "--collection", collection, "What colour are bananas?");
  }

  @Test
  void unknownCollectionIsAnErrorAndIsNotCreated() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "Bananas are yellow.");
    CommandRun ingest =
        CommandRun.of("ingest", "--data", data(), "--collection", "fruit", file.toString());
    assertEquals(ExitCodes.OK, ingest.exitCode(), ingest.err());
    for (int i = 0; i < 2; i++) { // the first attempt must not create it for the second
      CommandRun mistyped = search("friut");
      assertEquals(ExitCodes.FAILED, mistyped.exitCode());
      assertTrue(mistyped.err().contains("friut"), mistyped.err());
    }
    CommandRun found = search("fruit");
    assertEquals(ExitCodes.OK, found.exitCode(), found.err());
    assertTrue(found.out().contains("Bananas are yellow."), found.out());
  }

  @Test
  void emptyDataFolderIsExplained() {
    CommandRun ask = CommandRun.of("ask", "--data", data(), "What colour are bananas?");
    assertEquals(ExitCodes.USAGE, ask.exitCode());
    assertTrue(ask.err().contains("throng ingest PATH"), ask.err());
    assertEquals("", ask.out());
  }

  @Test
  void evalScoresEachWayToSearch() throws IOException {
    Path dataset = folder.resolve("fruit");
    BeirFolder.write(
        dataset,
        """
        {"_id": "1", "title": "Bananas", "text": "Bananas are yellow when they are ripe."}
        {"_id": "2", "title": "Plums", "text": "Plums are blue and are picked in August."}
        """,
        """
        {"_id": "q1", "text": "What colour are bananas?"}
        {"_id": "q2", "text": "When are plums picked?"}
        """,
        "q1\t1\t1\nq2\t2\t1\n");
    CommandRun eval =
        CommandRun.of("eval", "--data", data(), "--dataset", dataset.toString(), "--json");
    assertEquals(ExitCodes.OK, eval.exitCode(), eval.err());
    assertEquals(2, eval.json().path("queries").asInt(), eval.out());
    assertEquals(3, eval.json().path("results").size(), eval.out());
    eval.json()
        .path("results")
        .forEach(scores -> assertEquals(1, scores.path("ndcg_at_10").asDouble(), eval.out()));
  }
}
