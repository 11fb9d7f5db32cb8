package dev.throng.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throng.bench.load.LoadSite;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of bench/load in the real Artillery, with fewer and shorter phases. */
@Tag("long")
@Timeout(600)
final class ArtilleryTest {
  private static final Path SCRIPTS = Path.of("../bench/load").toAbsolutePath().normalize();
  private static final int QUESTIONS = 200;
  private static final String SHORT =
      """
      {"config": {"phases": [{"duration": 5, "arrivalCount": 100}], "variables": {"seconds": 30}}}
      """;

  /** In an hour, the first answer to each question counts little; in a minute it does not. */
  private static void warmUp(LoadSite site) throws IOException {
    List<String> questions = Questions.bodies(QUESTIONS);
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String question : questions) {
        var _ =
            users.submit(() -> {
              try (QueryConnection connection = new QueryConnection(site.url())) {
                return connection.post("/query", question, _ -> {});
              }
            });
      }
    }
  }

  @Test
  void everyScriptRunsAndItsChecksHold(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (LoadSite site = LoadSite.start(Duration.ofSeconds(20))) {
      warmUp(site);
      for (String name : List.of("100", "1000", "spike", "sustained")) {
        Path report = folder.resolve(name + ".json");
        var _ =
            Command.run(
                SCRIPTS,
                Map.of(),
                List.of(
                    SCRIPTS.resolve("artillery").toString(),
                    "run",
                    "--config=load-test-%s.yml".formatted(name),
                    "--target=" + site.url(),
                    "--overrides=" + SHORT.strip(),
                    "--output=" + report));
        JsonNode counters =
            new ObjectMapper().readTree(report.toFile()).path("aggregate").path("counters");
        assertTrue(counters.path("throng.cached").asLong() > 500, counters.toString());
      }
    }
  }
}
