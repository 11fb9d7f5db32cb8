package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.Cluster;
import dev.throng.bench.rig.QueryConnection;
import dev.throng.bench.rig.QueryConnection.Response;
import dev.throng.bench.rig.Questions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The master of the shared cache is killed, and the next one frozen, while clients ask questions
 * that no document answers. These questions use the cache and the store, but no model.
 */
final class RedisOutages {
  private static final int SHOWN = 3;
  private static final int OK = 200;
  private static final double FREEZE_BAR_MILLIS = 60;
  private static final Duration AT_MOST = Duration.ofSeconds(20);

  /**
   * The results.
   *
   * @param asked questions while the master was dead
   * @param failed those of them that failed
   * @param hitsReturnSeconds from the kill to the first answer that one replica got from another
   * @param normalMillis median time of a question that is not in Redis
   * @param frozenMillis the first such question after the freeze, sent alone
   * @param laterMillis the median of the next ones
   */
  record Result(
      int asked,
      int failed,
      double hitsReturnSeconds,
      double normalMillis,
      double normalP90Millis,
      double frozenMillis,
      double laterMillis,
      List<String> problems) {
    boolean holds() {
      return failed == 0 && hitsReturnSeconds > 0;
    }

    boolean isQuick() {
      return frozenMillis <= normalP90Millis + FREEZE_BAR_MILLIS;
    }
  }

  private final Cluster cluster;
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicInteger number = new AtomicInteger();

  RedisOutages(Cluster cluster) {
    this.cluster = cluster;
  }

  Result run() throws IOException, InterruptedException {
    List<Double> normal = times(60);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (URI replica : cluster.replicas()) {
      clients.add(Thread.ofVirtual().start(() -> askUntil(isOver, replica, asked)));
    }
    cluster.kill("redis1");
    double returned = awaitHits();
    isOver.set(true);
    for (Thread client : clients) {
      client.join();
    }
    int failed = problems.size();
    TimeUnit.SECONDS.sleep(1);
    cluster.freeze("redis2");
    double first = millis(cluster.replica(1), nonsense());
    List<Double> later = times(20);
    cluster.thaw("redis2");
    return new Result(
        asked.get(),
        failed,
        returned,
        median(normal),
        normal.get(normal.size() * 9 / 10),
        first,
        median(later),
        problems.stream().limit(SHOWN).toList());
  }

  private void askUntil(AtomicBoolean isOver, URI replica, AtomicInteger asked) {
    while (!isOver.get()) {
      try {
        millis(replica, nonsense());
        asked.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (IOException e) {
        problems.add(e.toString());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Returns the seconds until a replica serves an answer of another one. */
  private double awaitHits() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < AT_MOST.toNanos()) {
      String question = nonsense();
      millis(cluster.replica(1), question);
      TimeUnit.MILLISECONDS.sleep(50);
      if (Client.ask(cluster.replica(3), question).path("cached").asBoolean()) {
        return (System.nanoTime() - start) / 1e9;
      }
    }
    return -1;
  }

  private String nonsense() {
    return "Which glacier does the zeppelin number %d moor at?".formatted(number.incrementAndGet());
  }

  /** Times of sequential questions, sorted. */
  private List<Double> times(int count) throws IOException {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times.add(millis(cluster.replica(1), nonsense()));
    }
    times.sort(Comparator.naturalOrder());
    return times;
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static double millis(URI replica, String question) throws IOException {
    try (QueryConnection connection = new QueryConnection(replica)) {
      long start = System.nanoTime();
      Response response = connection.post("/query", Questions.body(question), event -> {});
      if (response.status() != OK) {
        throw new IOException(response.status() + " " + response.body());
      }
      return (System.nanoTime() - start) / 1e6;
    }
  }
}
