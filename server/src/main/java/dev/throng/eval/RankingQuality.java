package dev.throng.eval;

import java.util.List;
import java.util.Map;

/** Scores of ranked lists against judgements, averaged over queries, computed as trec_eval does. */
final class RankingQuality {
  private static final int NDCG_DEPTH = 10;
  private static final int MRR_DEPTH = 10;
  private static final int RECALL_DEPTH = 100;
  private static final int SHORT_RECALL_DEPTH = 10;

  private double ndcgSum;
  private double recallSum;
  private double shortRecallSum;
  private double reciprocalRankSum;
  private int queries;

  /**
   * Adds one query.
   *
   * @param ranked distinct document ids, best first
   * @param judgements grade by document id
   */
  void add(List<String> ranked, Map<String, Integer> judgements) {
    ndcgSum += ndcg(ranked, judgements);
    recallSum += recall(ranked, judgements, RECALL_DEPTH);
    shortRecallSum += recall(ranked, judgements, SHORT_RECALL_DEPTH);
    reciprocalRankSum += reciprocalRank(ranked, judgements);
    queries++;
  }

  double ndcgAt10() {
    return ndcgSum / queries;
  }

  double recallAt100() {
    return recallSum / queries;
  }

  double recallAt10() {
    return shortRecallSum / queries;
  }

  double mrrAt10() {
    return reciprocalRankSum / queries;
  }

  /**
   * Returns the nDCG (Järvelin and Kekäläinen, 2002), with the grade itself as the gain, as in
   * trec_eval.
   */
  private static double ndcg(List<String> ranked, Map<String, Integer> judgements) {
    double gained = 0;
    for (int rank = 0; rank < Math.min(NDCG_DEPTH, ranked.size()); rank++) {
      gained += gain(judgements.getOrDefault(ranked.get(rank), 0), rank);
    }
    List<Integer> ideal =
        judgements.values().stream().sorted(java.util.Comparator.reverseOrder()).toList();
    double possible = 0;
    for (int rank = 0; rank < Math.min(NDCG_DEPTH, ideal.size()); rank++) {
      possible += gain(ideal.get(rank), rank);
    }
    return possible == 0 ? 0 : gained / possible;
  }

  private static double gain(int grade, int rank) {
    return Math.max(0, grade) * Math.log(2) / Math.log(rank + 2.0);
  }

  private static double recall(List<String> ranked, Map<String, Integer> judgements, int depth) {
    long relevant = judgements.values().stream().filter(grade -> grade > 0).count();
    long found =
        ranked.stream().limit(depth).filter(id -> judgements.getOrDefault(id, 0) > 0).count();
    return relevant == 0 ? 0 : (double) found / relevant;
  }

  private static double reciprocalRank(List<String> ranked, Map<String, Integer> judgements) {
    for (int rank = 0; rank < Math.min(MRR_DEPTH, ranked.size()); rank++) {
      if (judgements.getOrDefault(ranked.get(rank), 0) > 0) {
        return 1.0 / (rank + 1);
      }
    }
    return 0;
  }
}
