package dev.throng.retrieval;

import dev.throng.store.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fuses two rankings into one. The scores of each list are scaled to 0..1 (min-max) and averaged
 * with a weight. A chunk that a list lacks has the score 0 there. On five data sets this is better
 * than reciprocal rank fusion (nDCG@10 .539 against .530), which is used where scaling has no
 * meaning: when a list is empty or all its scores are equal.
 *
 * <p>Sources: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (2023);
 * Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion" (2009).
 */
final class Fuser {
  private static final int RRF_K = 60;

  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparingDouble((Hit hit) -> -hit.score())
          .thenComparingLong(Hit::version)
          .thenComparingInt(Hit::ordinal);

  private final double denseWeight;

  /**
   * Creates a fuser.
   *
   * @param denseWeight weight of the dense list, 0 to 1
   */
  Fuser(double denseWeight) {
    this.denseWeight = denseWeight;
  }

  /**
   * Fuses two lists, both best first. The result is best first with the fused scores. Ties go to
   * the older version, regardless of its position in the index.
   */
  List<Hit> fuse(List<Hit> lexical, List<Hit> dense) {
    Map<Integer, Hit> hits = new LinkedHashMap<>();
    Map<Integer, Double> scores = new LinkedHashMap<>();
    boolean isScalable = spread(lexical) > 0 && spread(dense) > 0;
    add(lexical, 1 - denseWeight, isScalable, hits, scores);
    add(dense, denseWeight, isScalable, hits, scores);
    List<Hit> fused = new ArrayList<>(hits.size());
    hits.forEach((handle, hit) ->
        fused.add(
            new Hit(
                hit.version(),
                hit.ordinal(),
                scores.getOrDefault(handle, 0.0).floatValue(),
                handle)));
    fused.sort(BEST_FIRST);
    return fused;
  }

  private static void add(
      List<Hit> list,
      double weight,
      boolean isScalable,
      Map<Integer, Hit> hits,
      Map<Integer, Double> scores) {
    double min = list.isEmpty() ? 0 : list.getLast().score();
    double spread = spread(list);
    for (int rank = 0; rank < list.size(); rank++) {
      Hit hit = list.get(rank);
      double part =
          isScalable ? weight * (hit.score() - min) / spread : weight / (RRF_K + rank + 1);
      hits.putIfAbsent(hit.handle(), hit);
      scores.merge(hit.handle(), part, Double::sum);
    }
  }

  private static double spread(List<Hit> list) {
    return list.isEmpty() ? 0 : list.getFirst().score() - list.getLast().score();
  }
}
