package dev.throng.redis;

import dev.throng.config.RedisConfig;
import dev.throng.observe.RedisMetrics;
import dev.throng.observe.RedisMetrics.Unanswered;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One multiplexed connection to Redis: a single server, Sentinel or Cluster. It is made in the
 * background. It is out of use after one call without an answer or several failed calls, and it is
 * made again when the server does not answer probes on it, because a connection whose peer has
 * vanished looks open for a quarter of an hour.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** Number of consecutive failures after which no command is sent until a probe was answered. */
  private static final int BREAKER_FAILURES = 5;

  private static final int TIMEOUT_SLICES = 10;
  private static final byte[] MASTER = "master".getBytes(StandardCharsets.US_ASCII);

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

  /** Number of unanswered probes after which the connection is made again. */
  private static final int MAX_UNANSWERED_PROBES = 4;

  /** A connection with its commands and the action that closes it. */
  private record Connection(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands) {}

  private final RedisMetrics metrics;
  private final Duration timeout;
  private final AbstractRedisClient client;
  private final Thread keeper;
  private volatile @Nullable Connection current;
  private volatile @Nullable StatefulRedisPubSubConnection<String, byte[]> notices;
  private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();
  private final AtomicInteger failuresInRow =
      new AtomicInteger(BREAKER_FAILURES); // out of use until the first probe

  /**
   * Refusals that were logged. Each is logged once, because a command that an ACL forbids is
   * refused a hundred times a second.
   */
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();

  /**
   * Whether the server is no longer the master. It may then answer reads, but refuses every write.
   */
  private volatile boolean isReplica;

  private boolean isMissed = true;
  private volatile boolean isClosed;

  RedisLink(RedisConfig config, RedisMetrics metrics) {
    this.metrics = metrics;
    this.timeout = config.timeout();
    this.client = RedisClients.of(config);
    this.keeper = Thread.ofVirtual().name("redis-link").start(this::keep);
  }

  /**
   * Sends a command and waits for its answer for at most `redis.timeout`.
   *
   * @return the result of the command; null where Redis returns nil
   */
  <T> @Nullable T ask(
      Function<RedisClusterAsyncCommands<String, byte[]>, ? extends Future<T>> command)
      throws RedisUnavailable {
    RedisClusterAsyncCommands<String, byte[]> commands = commands();
    if (commands == null) {
      metrics.unanswered(Unanswered.SKIPPED);
      throw new RedisUnavailable(false);
    }
    try {
      T answer = await(command.apply(commands));
      succeeded();
      return answer;
    } catch (ExecutionException | TimeoutException e) {
      failed(e);
      throw new RedisUnavailable(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the caller will notice
      throw new RedisUnavailable(true);
    }
  }

  /**
   * Waits in slices. A slice takes longer than it should when this process gets no processor time.
   * The server has then not been waiting for Redis all the time, and must not consider it
   * unavailable.
   */
  private <T> T await(Future<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    long sliceNanos = timeout.toNanos() / TIMEOUT_SLICES;
    for (int slice = 1; ; slice++) {
      try {
        return answer.get(sliceNanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (slice == TIMEOUT_SLICES) {
          throw e;
        }
      }
    }
  }

  /**
   * Sends a command without waiting.
   *
   * @return null while Redis is out of use
   */
  <T> @Nullable CompletionStage<T> send(
      Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
    RedisClusterAsyncCommands<String, byte[]> commands = commands();
    if (commands == null) {
      metrics.unanswered(Unanswered.SKIPPED);
      return null;
    }
    return command
        .apply(commands)
        .whenComplete((done, failure) -> {
          if (failure == null) {
            succeeded();
          } else {
            failed(failure);
          }
        });
  }

  /** Returns the commands, or null while Redis is out of use. */
  private @Nullable RedisClusterAsyncCommands<String, byte[]> commands() {
    Connection connection = current;
    return connection == null || isBroken() ? null : connection.commands();
  }

  /** Sends a notification to the current listeners. */
  void announce(String channel) {
    var _ = send(commands -> commands.publish(channel, new byte[0]));
  }

  /** Sets a listener for notifications. Those sent while there is no connection are lost. */
  void listen(String channel, Runnable onNotice) {
    listeners.put(channel, onNotice);
    LockSupport.unpark(keeper);
  }

  boolean isBroken() {
    return failuresInRow.get() >= BREAKER_FAILURES;
  }

  private void succeeded() {
    if (failuresInRow.get() != 0 && !isBroken()) {
      failuresInRow.set(0); // once out of use, only a probe decides
    }
  }

  /**
   * Records a failure. A server that does not answer at all gets no command before a probe, which
   * is made immediately.
   */
  private void failed(Throwable failure) {
    Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    if (cause instanceof RedisCommandExecutionException && refusals.add(cause.toString())) {
      log.warn("redis refuses a command: {}", cause.getMessage());
    }
    log.debug("redis: {}", failure.toString());
    boolean isLate = failure instanceof TimeoutException;
    metrics.unanswered(isLate ? Unanswered.LATE : Unanswered.FAILED);
    boolean isReadOnly = cause instanceof RedisReadOnlyException;
    if (isReadOnly) {
      isReplica = true;
    }
    if (isLate || isReadOnly) {
      failuresInRow.set(BREAKER_FAILURES);
    } else {
      failuresInRow.incrementAndGet();
    }
    if (isBroken()) {
      LockSupport.unpark(keeper);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    keeper.interrupt();
    client.shutdown(Duration.ZERO, RedisClients.CONNECT_TIMEOUT);
  }

  private void keep() {
    int silent = 0;
    while (!isClosed) {
      try {
        if (isBroken()) {
          silent = probe() ? 0 : silent + 1;
          noteMissed(isBroken());
          if (silent >= MAX_UNANSWERED_PROBES) {
            disconnect();
            silent = 0;
          }
        }
        if (!isBroken() && notices == null && !listeners.isEmpty()) {
          notices = subscribe();
        }
      } catch (InterruptedException e) {
        return; // closed
      } catch (RuntimeException e) {
        log.debug("redis: {}", e.toString());
        disconnect();
      }
      LockSupport.parkNanos(PROBE_INTERVAL.toNanos());
    }
  }

  /**
   * Probes the server. One that answers later than the timeout stays out of use.
   *
   * @return whether it answered at all
   */
  private boolean probe() throws InterruptedException {
    if (isReplica) {
      disconnect(); // a new connection may reach the new master
    }
    Connection connection = current;
    if (connection == null) {
      connection = connect();
      current = connection;
    }
    Future<String> pong = connection.commands().ping();
    try {
      await(pong);
      isReplica = isReplica && isStillReplica(connection);
      failuresInRow.set(isReplica ? BREAKER_FAILURES : 0);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.debug("redis: {}", e.toString());
    }
    try {
      pong.get(PROBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /**
   * Checks the role. This is done only after a refused write, because an ACL may forbid the
   * command.
   */
  private boolean isStillReplica(Connection connection)
      throws InterruptedException, TimeoutException {
    try {
      Object role = await(connection.commands().role()).getFirst(); // bytes, like all values
      return !(role instanceof byte[] bytes && Arrays.equals(bytes, MASTER));
    } catch (ExecutionException e) {
      log.debug("redis: {}", e.toString());
      return false; // the next write will show it
    }
  }

  private void noteMissed(boolean isMissedNow) {
    if (isMissedNow && !isMissed) {
      log.warn("redis is temporarily out of use");
    } else if (isMissed && !isMissedNow) {
      log.info("redis is in use");
    }
    isMissed = isMissedNow;
  }

  private Connection connect() {
    return switch (client) {
      case RedisClusterClient cluster -> {
        var connection = cluster.connect(CODEC);
        yield new Connection(connection, connection.async());
      }
      case RedisClient single -> {
        var connection = single.connect(CODEC);
        yield new Connection(connection, connection.async());
      }
      default -> throw new IllegalStateException("unexpected kind of client: " + client);
    };
  }

  private StatefulRedisPubSubConnection<String, byte[]> subscribe() {
    StatefulRedisPubSubConnection<String, byte[]> connection =
        switch (client) {
          case RedisClusterClient cluster -> cluster.connectPubSub(CODEC);
          case RedisClient single -> single.connectPubSub(CODEC);
          default -> throw new IllegalStateException("unexpected kind of client: " + client);
        };
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, byte[] message) {
            Runnable listener = listeners.get(channel);
            if (listener != null) {
              listener.run();
            }
          }
        });
    var _ = connection.async().subscribe(listeners.keySet().toArray(String[]::new));
    return connection;
  }

  private void disconnect() {
    Connection connection = current;
    current = null;
    if (connection != null) {
      var _ = connection.connection().closeAsync();
    }
    StatefulRedisPubSubConnection<String, byte[]> subscribed = notices;
    notices = null;
    if (subscribed != null) {
      var _ = subscribed.closeAsync();
    }
  }
}
