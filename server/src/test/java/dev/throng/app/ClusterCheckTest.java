package dev.throng.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Replica;
import dev.throng.fixtures.Configs;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each replica works with, and which replica is reported as different. */
final class ClusterCheckTest {
  private static final Map<String, String> SAME =
      Map.of("embedder", "bge", "model", "m", "model_digest", "d1", "config", "c1", "version", "1");

  private static Replica replica(String id, String... differing) {
    Map<String, String> traits = with(differing);
    traits.put("url", "http://" + id);
    return new Replica(id, Instant.EPOCH, traits);
  }

  private static Map<String, String> with(String... differing) {
    Map<String, String> traits = new HashMap<>(SAME);
    for (int i = 0; i < differing.length; i += 2) {
      traits.put(differing[i], differing[i + 1]);
    }
    return traits;
  }

  @Test
  void replicasOfDifferentReleasesMayAgree() {
    List<Replica> serving = List.of(replica("a"), replica("b", "version", "2"));
    assertTrue(ClusterCheck.of(with(), serving).isAgreed());
    assertTrue(ClusterCheck.of(with("model_digest", ""), serving).isAgreed(), "unknown here");
    assertTrue(ClusterCheck.of(with(), List.of()).isAgreed());
  }

  @Test
  void laterReplicaIsReportedAsDifferentAndBothAreNamed() {
    ClusterCheck check =
        ClusterCheck.of(
            with(), List.of(replica("a"), replica("b", "embedder", "minilm", "config", "c2")));
    assertEquals(
        List.of("http://b: embedder: minilm here, bge at the replica at http://a"),
        check.differences().subList(0, 1));
    assertFalse(check.isAgreed());
  }

  @Test
  void thisMachineIsComparedWithTheServingReplicas() {
    ClusterCheck check = ClusterCheck.of(with("config", "c9"), List.of(replica("a")));
    assertEquals(
        List.of("this machine's configuration: config: c9 here, c1 at the replica at http://a"),
        check.differences());
  }

  @Test
  void withoutASharedCatalogueThereIsNothingToCheck() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ClusterCheck.of(Configs.with()));
    assertTrue(String.valueOf(refused.getMessage()).contains("catalog.url: not set"));
  }
}
