package dev.throng.retrieval;

import dev.throng.store.Hit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The candidates for one question, best first.
 *
 * @param lexical by BM25
 * @param dense by cosine
 * @param fused by the weighted sum of both scores
 */
record Ranking(List<Hit> lexical, List<Hit> dense, List<Hit> fused) {
  /** Returns the best of two rankings: what is found by its meaning may lack a name or number. */
  List<Hit> best(int ofEach) {
    Map<Integer, Hit> best = new LinkedHashMap<>();
    add(fused, ofEach, best);
    add(dense, ofEach, best);
    return List.copyOf(best.values());
  }

  private static void add(Collection<Hit> hits, int count, Map<Integer, Hit> best) {
    hits.stream().limit(count).forEach(hit -> best.putIfAbsent(hit.handle(), hit));
  }
}
