package dev.throng.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.throng.catalog.Replica;
import dev.throng.core.GeneratorIdentity;
import dev.throng.fixtures.Configs;
import dev.throng.fixtures.HashEmbedder;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each replica works with, and which replica is reported as different. */
final class ClusterCheckTest {
  private static final Map<String, String> SAME =
      Map.of(
          "embedder", "bge",
          "format", "1",
          "model", "m",
          "model_digest", "d1",
          "retrieval.top_k", "6",
          "version", "1");

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
  void settingThatOnlyOneBuildHasIsNotCompared() {
    List<Replica> serving = List.of(replica("a"));
    assertTrue(ClusterCheck.of(with("retrieval.new_setting", "1"), serving).isAgreed());
    assertFalse(ClusterCheck.of(with("format", "2"), serving).isAgreed());
  }

  @Test
  void settingsOfOneMachineMayDiffer() {
    Map<String, String> here = traits("answer.timeout", "7s", "model.connect_timeout", "3s");
    assertEquals(traits(), here);
    assertNotEquals(traits(), traits("retrieval.top_k", "3"));
  }

  private static Map<String, String> traits(String... settings) {
    try (HashEmbedder embedder = new HashEmbedder()) {
      GeneratorIdentity identity = new GeneratorIdentity("ollama", "m", "d1", "");
      return Agreement.traits(Configs.with(settings), embedder, identity);
    }
  }

  @Test
  void laterReplicaIsReportedAsDifferentAndBothAreNamed() {
    ClusterCheck check =
        ClusterCheck.of(
            with(),
            List.of(replica("a"), replica("b", "retrieval.top_k", "3", "embedder", "minilm")));
    assertEquals(
        List.of("http://b: embedder: minilm here, bge at the replica at http://a"),
        check.differences().subList(0, 1));
    assertFalse(check.isAgreed());
  }

  @Test
  void thisMachineIsComparedWithTheServingReplicas() {
    ClusterCheck check = ClusterCheck.of(with("retrieval.top_k", "3"), List.of(replica("a")));
    assertEquals(
        List.of(
            "this machine's configuration: retrieval.top_k: 3 here, 6 at the replica at http://a"),
        check.differences());
  }

  @Test
  void withoutASharedCatalogueThereIsNothingToCheck() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ClusterCheck.of(Configs.with()));
    assertTrue(String.valueOf(refused.getMessage()).contains("catalog.url: not set"));
  }
}
