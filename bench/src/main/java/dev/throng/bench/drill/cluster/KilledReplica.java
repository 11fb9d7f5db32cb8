package dev.throng.bench.drill.cluster;

import dev.throng.bench.drill.cluster.Client.Streamed;
import dev.throng.bench.rig.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of three replicas is killed while clients behind the load balancer wait for their answers.
 */
final class KilledReplica {
  private static final int SHOWN = 3;

  /**
   * The results.
   *
   * @param answered JSON requests with an answer; the load balancer retries
   * @param whole streams that reached their end
   * @param cut those of them that had to be resumed
   * @param exact those of the cut ones whose joined pieces are the answer
   */
  record Result(
      int requests,
      int answered,
      int streams,
      int whole,
      int cut,
      int exact,
      List<Integer> mostInFlight,
      List<String> problems) {
    boolean isGood() {
      return answered == requests
          && whole == streams
          && cut > 0
          && exact == cut
          && mostInFlight.stream().allMatch(most -> most <= ClusterSite.SLOTS);
    }
  }

  private KilledReplica() {}

  /**
   * @param clients half of them request JSON, half a stream
   * @param after when the replica is killed
   * @param late is updated before the replica is killed
   */
  static Result run(
      ClusterSite site, List<String> questions, int clients, Duration after, LateRedis late)
      throws IOException, InterruptedException {
    Cluster cluster = site.cluster();
    AtomicInteger answered = new AtomicInteger();
    ConcurrentLinkedQueue<Streamed> streams = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    List<Thread> crowd = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      boolean isStream = i % 2 == 0;
      String question = questions.get(i / 2 % questions.size());
      crowd.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (isStream) {
                    streams.add(Client.stream(cluster.url(), question));
                  } else {
                    Client.ask(cluster.url(), question);
                    answered.incrementAndGet();
                  }
                } catch (IOException | InterruptedException | RuntimeException e) {
                  problems.add((isStream ? "stream: " : "") + e);
                }
              }));
    }
    TimeUnit.NANOSECONDS.sleep(after.toNanos());
    late.update();
    cluster.kill("throng2");
    for (Thread one : crowd) {
      one.join();
    }
    cluster.up("throng2");
    List<Streamed> cut = streams.stream().filter(one -> one.resumed() > 0).toList();
    return new Result(
        clients / 2,
        answered.get(),
        clients - clients / 2,
        (int) streams.stream().filter(Streamed::isExact).count(),
        cut.size(),
        (int) cut.stream().filter(Streamed::isExact).count(),
        site.mostInFlight(),
        problems.stream().limit(SHOWN).toList());
  }
}
