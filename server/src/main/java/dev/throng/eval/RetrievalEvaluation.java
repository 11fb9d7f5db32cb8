package dev.throng.eval;

import dev.throng.core.CollectionRef;
import dev.throng.core.Deadline;
import dev.throng.core.Futures;
import dev.throng.core.Ticker;
import dev.throng.retrieval.Retriever;
import dev.throng.retrieval.Retriever.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the judged queries of a data set through the product's own retriever and scores the results.
 */
public final class RetrievalEvaluation {
  private static final int DEPTH = 100;
  private static final Duration QUERY_TIMEOUT = Duration.ofMinutes(1);

  /** Number of queries that are run untimed first, because a fresh JVM is several times slower. */
  private static final int WARM_UP_QUERIES = 100;

  /**
   * The scores of one search mode. Times are those of one query while as many run as there are
   * cores.
   */
  public record Scores(
      double ndcgAt10,
      double recallAt100,
      double mrrAt10,
      double queriesPerSecond,
      double p50Millis,
      double p99Millis) {}

  private record Timed(String queryId, List<String> ranked, long nanos) {}

  private final Retriever retriever;
  private final int threads;

  public RetrievalEvaluation(Retriever retriever, int threads) {
    this.retriever = retriever;
    this.threads = threads;
  }

  /**
   * Evaluates every search mode that the store supports.
   *
   * @param ref the collection that contains the corpus, with document ids as uris
   */
  public Map<Mode, Scores> run(CollectionRef ref, BeirDataset dataset) throws InterruptedException {
    Map<Mode, Scores> scores = new EnumMap<>(Mode.class);
    for (Mode mode : retriever.modes()) {
      List<String> ids = List.copyOf(dataset.queries().keySet());
      runAll(ref, dataset, ids.subList(0, Math.min(WARM_UP_QUERIES, ids.size())), mode);
      long start = System.nanoTime();
      List<Timed> results = runAll(ref, dataset, ids, mode);
      scores.put(mode, scores(dataset, results, System.nanoTime() - start));
    }
    return scores;
  }

  private List<Timed> runAll(CollectionRef ref, BeirDataset dataset, List<String> ids, Mode mode)
      throws InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Timed>> pending = new ArrayList<>();
      for (String id : ids) {
        pending.add(executor.submit(() -> runOne(ref, dataset, id, mode)));
      }
      List<Timed> results = new ArrayList<>();
      for (Future<Timed> result : pending) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw Futures.failure(e, "evaluating a query");
    }
  }

  private Timed runOne(CollectionRef ref, BeirDataset dataset, String id, Mode mode) {
    String query = dataset.queries().getOrDefault(id, "");
    Deadline deadline = Deadline.after(Ticker.system(), QUERY_TIMEOUT);
    long start = System.nanoTime();
    List<String> ranked = retriever.rankDocuments(ref, query, DEPTH, mode, deadline);
    return new Timed(id, ranked, System.nanoTime() - start);
  }

  private static Scores scores(BeirDataset dataset, List<Timed> results, long wallNanos) {
    RankingQuality quality = new RankingQuality();
    results.forEach(result ->
        quality.add(
            result.ranked(), dataset.judgements().getOrDefault(result.queryId(), Map.of())));
    long[] nanos = results.stream().mapToLong(Timed::nanos).sorted().toArray();
    return new Scores(
        quality.ndcgAt10(),
        quality.recallAt100(),
        quality.mrrAt10(),
        results.size() / (wallNanos / 1e9),
        percentileMillis(nanos, 0.50),
        percentileMillis(nanos, 0.99));
  }

  private static double percentileMillis(long[] sortedNanos, double share) {
    int index = (int) Math.ceil(share * sortedNanos.length) - 1;
    return sortedNanos[Math.clamp(index, 0, sortedNanos.length - 1)] / 1e6;
  }
}
