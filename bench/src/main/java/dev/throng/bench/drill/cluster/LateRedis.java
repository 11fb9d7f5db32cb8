package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.Cluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the commands that replicas gave up because Redis responded later than {@code
 * redis.timeout}. On a machine that slow, replicas cannot keep their shared guarantees: one
 * generation for all of them, and no more calls than a backend has slots.
 */
final class LateRedis {
  private static final String COUNTER = "throng_redis_unanswered_total{reason=\"late\"}";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  private final Cluster cluster;
  private final List<Long> before;

  /** Counts from now on. */
  LateRedis(Cluster cluster) throws InterruptedException {
    this.cluster = cluster;
    this.before = counts(cluster);
  }

  /** The count since creation, for all replicas together; a restarted replica counts from zero. */
  long count() throws InterruptedException {
    List<Long> now = counts(cluster);
    long count = 0;
    for (int i = 0; i < now.size(); i++) {
      count += now.get(i) < before.get(i) ? now.get(i) : now.get(i) - before.get(i);
    }
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
    HttpRequest request =
        HttpRequest.newBuilder(replica.resolve("/metrics")).timeout(TIMEOUT).build();
    try {
      return HTTP.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(COUNTER))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      return 0; // the replica is down; the drill reports that
    }
  }
}
