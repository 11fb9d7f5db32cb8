package dev.throng.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.store.Hit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FuserTest {
  private final Fuser fuser = new Fuser(0.5);

  /** Handle, score, handle, score, ... */
  private static List<Hit> hits(double... pairs) {
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      hits.add(new Hit(100, (int) pairs[i], (float) pairs[i + 1], (int) pairs[i]));
    }
    return hits;
  }

  private static void assertRanking(List<Hit> fused, double... pairs) {
    List<Hit> expected = hits(pairs);
    assertEquals(
        expected.stream().map(Hit::handle).toList(), fused.stream().map(Hit::handle).toList());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).score(), fused.get(i).score(), 1e-6, "rank " + i);
    }
  }

  @Test
  void scoresAreScaledAndAveragedWithZeroForMissingOnes() {
    List<Hit> lexical = hits(1, 10, 2, 5, 3, 2);
    List<Hit> dense = hits(3, 0.9, 1, 0.8, 4, 0.5);
    // 1: (1 + 0.75) / 2; 3: (0 + 1) / 2; 2: 0.375 / 2; 4: 0
    assertRanking(fuser.fuse(lexical, dense), 1, 0.875, 3, 0.5, 2, 0.1875, 4, 0);
  }

  @Test
  void weightShiftsTheResultToOneSide() {
    List<Hit> lexical = hits(1, 10, 2, 0);
    List<Hit> dense = hits(2, 0.9, 1, 0.1);
    assertRanking(new Fuser(1).fuse(lexical, dense), 2, 1, 1, 0);
    assertRanking(new Fuser(0).fuse(lexical, dense), 1, 1, 2, 0);
  }

  @Test
  void emptyListIsFusedByRank() {
    assertRanking(fuser.fuse(List.of(), hits(7, 0.9, 8, 0.5)), 7, 0.5 / 61, 8, 0.5 / 62);
    assertRanking(fuser.fuse(hits(7, 3), List.of()), 7, 0.5 / 61);
    assertEquals(List.of(), fuser.fuse(List.of(), List.of()));
  }

  @Test
  void constantListIsFusedByRank() {
    List<Hit> constant = hits(1, 2, 2, 2, 3, 2);
    List<Hit> dense = hits(3, 0.9, 1, 0.5);
    assertRanking(
        fuser.fuse(constant, dense), 1, 0.5 / 61 + 0.5 / 62, 3, 0.5 / 63 + 0.5 / 61, 2, 0.5 / 62);
  }

  @Test
  void tiesKeepIndexOrder() {
    List<Hit> lexical = hits(9, 5, 4, 1);
    List<Hit> dense = hits(4, 5, 9, 1);
    assertRanking(fuser.fuse(lexical, dense), 4, 0.5, 9, 0.5);
  }
}
