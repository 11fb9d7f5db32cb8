package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.Cluster;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** The same cold question, asked simultaneously by a crowd at all replicas. */
final class OneGeneration {
  private static final int SHOWN = 3;

  /**
   * The results.
   *
   * @param answered requests with an answer
   * @param different number of different answers
   * @param generations at the backends
   */
  record Result(int asked, int answered, int different, int generations, List<String> problems) {
    boolean isGood() {
      return answered == asked && different == 1 && generations == 1;
    }
  }

  private OneGeneration() {}

  static Result run(ClusterSite site, int clients, String question) throws InterruptedException {
    Set<String> answers = ConcurrentHashMap.newKeySet();
    ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    CountDownLatch gate = new CountDownLatch(1);
    List<Thread> crowd = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      URI replica = site.cluster().replica(1 + i % Cluster.REPLICAS);
      crowd.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  gate.await();
                  answers.add(Client.ask(replica, question).path("response").asText());
                } catch (IOException | InterruptedException | RuntimeException e) {
                  problems.add(e.toString());
                }
              }));
    }
    gate.countDown();
    for (Thread one : crowd) {
      one.join();
    }
    return new Result(
        clients,
        clients - problems.size(),
        answers.size(),
        site.callsFor(question).size(),
        problems.stream().limit(SHOWN).toList());
  }
}
