package dev.throng.bench.drill.cluster;

import dev.throng.bench.rig.MetricsPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a replica says about its use of Redis. */
final class ReplicaStatus {
  private static final String LATE = "throng_redis_unanswered_total{reason=\"late\"}";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  private ReplicaStatus() {}

  static boolean isUsingRedis(URI replica) throws IOException, InterruptedException {
    String ready = get(replica, "/health/ready");
    return !Client.parse(ready).path("degraded_components").toString().contains("redis");
  }

  /** Returns the number of commands that the replica gave up after {@code redis.timeout}. */
  static long lateCommands(URI replica) throws IOException, InterruptedException {
    return (long) new MetricsPage(get(replica, "/metrics")).value(LATE).orElse(0);
  }

  private static String get(URI replica, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(replica.resolve(path)).timeout(TIMEOUT).build();
    return HTTP.send(request, BodyHandlers.ofString()).body();
  }
}
