package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.IngestDrill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code throng bench drill ingest}. */
@Tag("alone")
@Timeout(240)
final class IngestDrillTest {
  private static final IngestDrill.Plan PLAN = new IngestDrill.Plan(60, 8, 3);

  @Test
  void killedServerKeepsAcknowledgedDocuments(@TempDir Path folder)
      throws IOException, InterruptedException {
    IngestDrill.Result result = new IngestDrill(PLAN, folder, what -> {}).run();
    assertEquals(List.of(), result.problems());
    assertTrue(result.live() > 40, result.toString());
  }
}
