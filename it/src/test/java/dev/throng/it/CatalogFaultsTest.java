package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.bench.rig.ServerProcess;
import dev.throng.fixtures.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real servers that lose their PostgreSQL, or of which one is killed, in the middle of an ingest.
 */
@Timeout(300)
final class CatalogFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  @TempDir private Path folder = Path.of("");

  private ServerProcess server(String name, Component postgres, Component chroma)
      throws IOException, InterruptedException {
    Map<String, String> settings = Replicas.sharing(postgres, chroma);
    settings.putAll(Uploads.SETTINGS);
    Path own = Files.createDirectories(folder.resolve(name));
    ServerProcess server = ServerProcess.restarted(own, ServerProcess.freePort(), settings);
    server.awaitReady();
    return server;
  }

  @Test
  void jobsContinueWhenTheDatabaseReturns() throws Exception {
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component chroma = Component.chroma();
        ServerProcess server = server("only", postgres, chroma)) {
      Uploads uploads = new Uploads(server.url());
      uploads.sendAll("before", 20);
      for (int i = 0; i < 2; i++) {
        postgres.kill();
        Await.until("uploads are refused", () -> status(uploads) == 503);
        TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis()); // long enough for jobs to be affected
        postgres.start();
        Await.until("uploads are accepted again", () -> status(uploads) == 202);
      }
      assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
    }
  }

  @Test
  void anotherReplicaFinishesTheJobsOfAKilledOne() throws Exception {
    try (Component postgres = Component.start("postgres", "postgres.* -p %d ");
        Component chroma = Component.chroma();
        ServerProcess first = server("first", postgres, chroma)) {
      Uploads uploads = new Uploads(first.url());
      uploads.sendAll("many", 24);
      Await.until("several jobs are running", () -> working(uploads) > 1);
      try (ServerProcess second = server("second", postgres, chroma)) {
        first.kill();
        uploads.moveTo(second.url());
        assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
      }
    }
  }

  private static int working(Uploads uploads) {
    try {
      return uploads.jobs("parsing,chunking,embedding").size();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static int status(Uploads uploads) {
    try {
      return uploads.send("during");
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
