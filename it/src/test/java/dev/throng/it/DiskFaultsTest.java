package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose disk is full, or becomes read-only, in the middle of an ingest. */
@Timeout(240)
final class DiskFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");

  @Test
  void fullDiskRefusesUploadsAndKeepsAcknowledgedDocuments() throws Exception {
    try (Mount disk = Mount.small(folder.resolve("data"), 96);
        ServerProcess server =
            ServerProcess.restarted(folder, ServerProcess.freePort(), Uploads.SETTINGS)) {
      Uploads uploads = withSomeDocuments(server);
      // Repeatedly, because deleted files that are no longer needed free space.
      assertEquals(507, firstRefusal(uploads, disk::fill), uploads::lastAnswer);
      assertWaits(uploads, Set.of("storage_full", "store_failed"));
      assertTrue(
          uploads.get("/health/live").isObject(), "it reports that it is live while it waits");

      disk.free();
      assertGoesOn(uploads);
    }
  }

  @Test
  void readOnlyDiskRefusesUploadsAndKeepsAcknowledgedDocuments() throws Exception {
    try (Mount disk = Mount.small(folder.resolve("data"), 96);
        ServerProcess server =
            ServerProcess.restarted(folder, ServerProcess.freePort(), Uploads.SETTINGS)) {
      Uploads uploads = withSomeDocuments(server);
      disk.readOnly();
      int refused = firstRefusal(uploads, () -> {});
      assertTrue(refused == 500 || refused == 507, uploads::lastAnswer);
      assertWaits(uploads, Set.of("storage_failed", "store_failed"));

      disk.writable();
      assertGoesOn(uploads);
    }
  }

  /** Some documents are ingested, and many are on their way. */
  private static Uploads withSomeDocuments(ServerProcess server)
      throws IOException, InterruptedException {
    server.awaitReady();
    Uploads uploads = new Uploads(server.url());
    uploads.sendAll("first", 2);
    assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
    uploads.sendAll("before", 60);
    return uploads;
  }

  /** Acknowledged documents are ingested without intervention, and so are later ones. */
  private static void assertGoesOn(Uploads uploads) throws IOException, InterruptedException {
    assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
    uploads.sendAll("after", 2);
    assertEquals(List.of(), uploads.problemsAtRest(PATIENCE));
  }

  private static int firstRefusal(Uploads uploads, Runnable before)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    int number = 0;
    while (System.nanoTime() - until < 0) {
      before.run();
      int status = uploads.send("during" + number++);
      if (status != 202) {
        return status;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("every upload was acknowledged");
  }

  private static void assertWaits(Uploads uploads, Set<String> codes)
      throws IOException, InterruptedException {
    JsonNode reason = uploads.awaitWaitingJob(PATIENCE);
    assertTrue(codes.contains(reason.path("code").asText()), reason::toString);
  }
}
