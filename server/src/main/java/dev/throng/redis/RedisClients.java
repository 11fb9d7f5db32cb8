package dev.throng.redis;

import dev.throng.config.RedisConfig;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;

/** Creates clients for a single server, for sentinels, and for a cluster. */
final class RedisClients {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private RedisClients() {}

  static AbstractRedisClient of(RedisConfig config) {
    List<RedisURI> uris =
        config.urls().stream().map(url -> configured(RedisURI.create(url), config)).toList();
    if (config.isCluster()) {
      return cluster(uris, config);
    }
    return single(
        config.sentinelMaster().isEmpty() ? uris.getFirst() : sentinels(uris, config), config);
  }

  private static RedisURI sentinels(List<RedisURI> uris, RedisConfig config) {
    RedisURI.Builder builder =
        RedisURI.builder()
            .withSentinelMasterId(config.sentinelMaster())
            .withSsl(uris.getFirst().isSsl());
    uris.forEach(uri -> builder.withSentinel(uri.getHost(), uri.getPort()));
    return configured(builder.build(), config);
  }

  private static RedisURI configured(RedisURI uri, RedisConfig config) {
    uri.setTimeout(CONNECT_TIMEOUT); // of the handshake; calls have their own, shorter timeout
    uri.setClientName("throng");
    if (config.password().isPresent()) {
      uri.setCredentialsProvider(
          RedisCredentialsProvider.from(() ->
              RedisCredentials.just(
                  config.user().isEmpty() ? null : config.user(), config.password().value())));
    }
    return uri;
  }

  private static RedisClient single(RedisURI uri, RedisConfig config) {
    RedisClient client = RedisClient.create(uri);
    client.setOptions(options(ClientOptions.builder(), config).build());
    return client;
  }

  private static RedisClusterClient cluster(List<RedisURI> seeds, RedisConfig config) {
    RedisClusterClient client = RedisClusterClient.create(seeds);
    ClusterClientOptions.Builder builder =
        ClusterClientOptions.builder()
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(Duration.ofSeconds(1))
                    .build());
    options(builder, config);
    client.setOptions(builder.build());
    return client;
  }

  /** Makes calls fail fast: a command that cannot be sent now is not queued. */
  private static ClientOptions.Builder options(ClientOptions.Builder builder, RedisConfig config) {
    builder
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.enabled(CONNECT_TIMEOUT))
        .socketOptions(
            SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).keepAlive(true).build());
    if (config.caFile() != null) {
      builder.sslOptions(SslOptions.builder().trustManager(config.caFile().toFile()).build());
    }
    return builder;
  }
}
