package dev.throng.bench.load;

import dev.throng.bench.rig.Cluster;
import dev.throng.bench.rig.Home;
import dev.throng.bench.rig.IngestRequest;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three replicas behind HAProxy, with a real Redis, PostgreSQL and Weaviate, and documents that are
 * edited all the time.
 */
final class ServerCluster implements LoadSite {
  private static final double MEBIBYTE = 1 << 20;
  private static final Pattern USED_MEMORY = Pattern.compile("used_memory:(\\d+)");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SimulatedOllamas backends;
  private final Cluster cluster;
  private final RedisClient redis;
  private final EditedDocuments documents;

  private ServerCluster(SimulatedOllamas backends, Duration editInterval, Path folder)
      throws IOException, InterruptedException {
    this.backends = backends;
    this.cluster =
        Cluster.start(
            backends.urls(),
            SimulatedOllamas.SETTINGS.slots(),
            SimulatedOllamas.SETTINGS.models().getFirst(),
            Map.of());
    this.redis = RedisClient.create("redis://127.0.0.1:" + cluster.redisPort());
    Path copy = folder.resolve("documents");
    this.documents = new EditedDocuments(copy, editInterval, this::ingest);
    cluster.ingest(1, copy);
  }

  /**
   * Starts all parts, and ingests the documents.
   *
   * @param editInterval between two edits
   */
  static ServerCluster start(Duration editInterval) throws IOException, InterruptedException {
    Path folder = Home.temporary("load");
    SimulatedOllamas backends = new SimulatedOllamas(folder, SimulatedOllamas.SETTINGS);
    try {
      return new ServerCluster(backends, editInterval, folder);
    } catch (IOException | InterruptedException e) {
      backends.close();
      throw e;
    }
  }

  private void ingest(Path file) {
    try {
      HttpResponse<String> response =
          http.send(IngestRequest.of(url(), Cluster.OPERATOR_TOKEN, file), BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(file + ": " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public URI url() {
    return cluster.url();
  }

  @Override
  public List<URI> servers() {
    return cluster.replicas();
  }

  @Override
  public int edits() {
    return documents.edits();
  }

  @Override
  public boolean canKill() {
    return true;
  }

  /** A backend and a replica in turn. */
  @Override
  public void kill(int number, Duration down) throws IOException, InterruptedException {
    if (number % 2 == 0) {
      backends.killOne(number / 2, down);
      return;
    }
    String replica = "throng" + (1 + number / 2 % Cluster.REPLICAS);
    cluster.kill(replica);
    TimeUnit.NANOSECONDS.sleep(down.toNanos());
    cluster.up(replica);
  }

  @Override
  public Map<String, Double> sharedMib() {
    return Map.of("Redis", redisBytes() / MEBIBYTE, "PostgreSQL", postgresBytes() / MEBIBYTE);
  }

  private double redisBytes() {
    try (StatefulRedisConnection<String, String> connection = redis.connect()) {
      Matcher used = USED_MEMORY.matcher(connection.sync().info("memory"));
      return used.find() ? Double.parseDouble(used.group(1)) : 0;
    }
  }

  private double postgresBytes() {
    Map<String, String> settings = cluster.settings();
    try (Connection connection =
            DriverManager.getConnection(
                settings.get("THRONG_CATALOG_URL"), settings.get("THRONG_CATALOG_USER"), "");
        Statement statement = connection.createStatement();
        ResultSet size = statement.executeQuery("SELECT pg_database_size(current_database())")) {
      size.next();
      return size.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("the size of the database", e);
    }
  }

  @Override
  public void close() {
    documents.close();
    redis.shutdown();
    cluster.close();
    backends.close();
    http.close();
  }
}
