package dev.throng.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.bench.drill.cluster.RollingUpdate;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas on real parts become those of the next version, under load. */
@Tag("long")
@Timeout(1_200)
final class RollingUpdateTest {
  private static final int REQUESTS = 1_000;

  @Test
  void noRequestFails(@TempDir Path folder) throws IOException, InterruptedException {
    Sources sources = Sources.copy(folder.resolve("next"));
    sources.setVersion("99.0.0");
    Path home = Sources.unpack(sources.distribution(), folder);
    RollingUpdate.Result result =
        RollingUpdate.run(
            home.resolve("throng"), REQUESTS, Path.of("../examples/handbook"), System.out::println);
    System.out.println(result);
    assertTrue(result.isGood(), result.toString());
  }
}
