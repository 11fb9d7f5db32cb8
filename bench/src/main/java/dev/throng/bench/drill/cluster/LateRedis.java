package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.Cluster;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the commands that replicas gave up because Redis responded later than {@code
 * redis.timeout}. On a machine that slow, replicas cannot keep their shared guarantees: one
 * generation for all of them, and no more calls than a backend has slots.
 */
final class LateRedis {
  private final Cluster cluster;
  private List<Long> seen;
  private long count;

  /** Counts from now on. */
  LateRedis(Cluster cluster) throws InterruptedException {
    this.cluster = cluster;
    this.seen = counts(cluster);
  }

  /**
   * Adds what was counted since the last call. A restarted replica counts from zero, so this must
   * be called before one is killed.
   */
  void update() throws InterruptedException {
    List<Long> now = counts(cluster);
    for (int i = 0; i < now.size(); i++) {
      count += now.get(i) < seen.get(i) ? now.get(i) : now.get(i) - seen.get(i);
    }
    seen = now;
  }

  /** Returns the count from creation to the last {@link #update}, for all replicas together. */
  long count() {
    return count;
  }

  private static List<Long> counts(Cluster cluster) throws InterruptedException {
    List<Long> counts = new ArrayList<>();
    for (URI replica : cluster.replicas()) {
      counts.add(count(replica));
    }
    return counts;
  }

  private static long count(URI replica) throws InterruptedException {
    try {
      return ReplicaStatus.lateCommands(replica);
    } catch (IOException e) {
      return 0; // the replica is down; the drill reports that
    }
  }
}
