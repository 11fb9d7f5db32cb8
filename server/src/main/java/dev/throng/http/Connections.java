package dev.throng.http;

import dev.throng.config.ServerConfig;
import dev.throng.core.Carriers;
import dev.throng.core.Deadline;
import dev.throng.core.MemoryBudget;
import dev.throng.core.Ticker;
import dev.throng.http.ClientConnection.Phase;
import dev.throng.observe.ConnectionMetrics;
import dev.throng.observe.ConnectionMetrics.Closed;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of a listener: how many there may be, and how long each may take for the head of
 * a request, its body, reading the response, and doing nothing.
 */
final class Connections implements Http1ConnectionListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

  /** A request whose parts follow each other is whole after this time. */
  private static final Duration ARRIVAL_TIME = Duration.ofMillis(100);

  private static final MemoryBudget.Reservation NOTHING_RESERVED = () -> {};

  /** Responses up to this size need no reservation: each connection has at most one. */
  private static final int SMALL_RESPONSE_BYTES = 1 << 16;

  private static final double RESPONSES_HEAP_SHARE = 0.15;
  private static final Duration RESPONSE_MEMORY_WAIT = Duration.ofSeconds(10);

  private final MemoryBudget responses = MemoryBudget.ofHeap(RESPONSES_HEAP_SHARE);
  private final int max;
  private final Duration headTimeout;
  private final Duration bodyTimeout;
  private final Duration idleTimeout;
  private final Duration writeTimeout;
  private final ConnectionMetrics metrics;
  private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock makingRoom = new ReentrantLock();
  private final Thread watcher;

  // A connection has one thread, which reads requests and runs their handlers.
  @SuppressWarnings("ThreadLocalUsage") // one a server; a static one would be shared by servers
  private final ThreadLocal<ClientConnection> own = new ThreadLocal<>();

  /**
   * @param max connections whose requests are served at the same time
   */
  Connections(ServerConfig config, int max, ConnectionMetrics metrics) {
    this.max = max;
    this.headTimeout = config.headTimeout();
    this.bodyTimeout = config.bodyTimeout();
    this.idleTimeout = config.idleTimeout();
    this.writeTimeout = config.writeTimeout();
    this.metrics = metrics;
    this.watcher = Thread.ofVirtual().name("connection-watch").start(this::watchUntilClosed);
  }

  /** Connections that are open now, for a gauge. */
  int count() {
    return open.size();
  }

  /**
   * Takes a connection that the calling thread is going to serve. When there are too many, the one
   * that has waited longest for its client makes room; when none waits, this one is served health
   * checks alone.
   */
  ClientConnection open(ConnectionContext context) {
    ClientConnection connection = open.size() < max ? add(context, false) : makeRoomAndAdd(context);
    own.set(connection);
    return connection;
  }

  /** One at a time, so that each makes room of its own. */
  private ClientConnection makeRoomAndAdd(ConnectionContext context) {
    makingRoom.lock();
    try {
      boolean isMaking = true;
      while (open.size() >= max && isMaking) {
        isMaking = closeLongestWaiting();
      }
      return add(context, open.size() >= max);
    } finally {
      makingRoom.unlock();
    }
  }

  private ClientConnection add(ConnectionContext context, boolean isReserve) {
    ClientConnection connection = new ClientConnection(context, isReserve);
    open.add(connection);
    return connection;
  }

  /** The connection was closed, by whatever side. */
  void closed(ClientConnection connection) {
    open.remove(connection);
    own.remove();
  }

  /** The connection that the calling thread serves; null on other threads. */
  @Nullable ClientConnection own() {
    return own.get();
  }

  /**
   * Connections without a request go first, then unfinished heads, then unfinished bodies.
   *
   * @return whether any was waiting; the one that was may have been served meanwhile
   */
  private boolean closeLongestWaiting() {
    long now = System.nanoTime();
    ClientConnection longest = null;
    int longestRank = 0;
    long longestNanos = 0;
    for (ClientConnection connection : open) {
      long waitNanos = connection.waitNanos(now);
      int rank = waitNanos > 0 ? rank(connection.phase(), waitNanos) : 0;
      if (rank > longestRank || (rank == longestRank && waitNanos > longestNanos)) {
        longest = connection;
        longestRank = rank;
        longestNanos = waitNanos;
      }
    }
    if (longest != null && longest.waitNanos(System.nanoTime()) >= longestNanos) {
      close(longest, longest.phase(), Closed.MADE_ROOM); // else its client has sent more meanwhile
    }
    return longest != null;
  }

  /** A request that is just arriving goes last, or it would make room for half of one. */
  private static int rank(Phase phase, long waitNanos) {
    boolean isArriving = waitNanos < ARRIVAL_TIME.toNanos();
    return switch (phase) {
      case IDLE -> 4;
      case HEAD -> isArriving ? 1 : 3;
      case SERVING -> isArriving ? 1 : 2;
      case CLOSED -> 0;
    };
  }

  private void close(ClientConnection connection, Phase expected, Closed why) {
    if (expected != Phase.CLOSED && connection.closeIf(expected)) {
      metrics.closed(why);
      log.debug("connection {} closed: {}", connection.childSocketId(), why);
      open.remove(connection); // its thread may take a moment to notice
    }
  }

  private void watchUntilClosed() {
    try {
      while (true) {
        Thread.sleep(CHECK_INTERVAL);
        long now = System.nanoTime();
        open.forEach(connection -> closeIfLate(connection, now));
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void closeIfLate(ClientConnection connection, long now) {
    switch (connection.phase()) {
      case IDLE -> {
        if (connection.phaseNanos(now) > idleTimeout.toNanos()) {
          close(connection, Phase.IDLE, Closed.IDLE);
        }
      }
      case HEAD -> {
        if (connection.phaseNanos(now) > headTimeout.toNanos()) {
          close(connection, Phase.HEAD, Closed.HEAD_LATE);
        }
      }
      case SERVING -> {
        if (connection.bodyWaitNanos(now) > bodyTimeout.toNanos()) {
          close(connection, Phase.SERVING, Closed.BODY_LATE);
        } else if (connection.writeNanos(now) > writeTimeout.toNanos()) {
          close(connection, Phase.SERVING, Closed.RESPONSE_UNREAD);
        }
      }
      case CLOSED -> {}
    }
  }

  @Override
  public void prologue(ConnectionContext context, HttpPrologue prologue) {
    if (context instanceof ClientConnection connection && connection.phase() == Phase.IDLE) {
      connection.enter(Phase.HEAD);
    }
  }

  @Override
  public void headers(ConnectionContext context, Headers headers) {
    if (context instanceof ClientConnection connection) {
      connection.resetBody();
      connection.enter(Phase.SERVING);
    }
  }

  /**
   * A request of the connection was served, and the next one may come.
   *
   * @throws CloseConnectionException when the connection was closed meanwhile
   */
  void served(ClientConnection connection) {
    connection.enter(Phase.IDLE);
    if (connection.dataReader().available() > 0) {
      Carriers.yieldToOthers(); // for a client that sends many requests ahead
    }
  }

  /**
   * Reserves memory for a response until the client has taken it.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED when slow clients take all of it
   */
  MemoryBudget.Reservation reserveResponse(int bytes) {
    return bytes <= SMALL_RESPONSE_BYTES
        ? NOTHING_RESERVED
        : responses.reserve(bytes, Deadline.after(Ticker.system(), RESPONSE_MEMORY_WAIT));
  }

  /** A client broke its connection in the middle of a request. */
  void clientGone() {
    metrics.closed(Closed.CLIENT_GONE);
  }

  /**
   * Watches a connection whose request must have been read whole. Only a read shows that a client
   * has gone, and it blocks; so a thread reads from the connection, which must be closed after the
   * response. That ends the watch as well.
   *
   * @return whether the client has gone; one that closed its sending side counts as gone
   */
  BooleanSupplier watchClient(@Nullable ClientConnection connection, String requestId) {
    AtomicBoolean isGone = new AtomicBoolean();
    if (connection != null) { // else this is no connection's thread
      DataReader reader = connection.dataReader();
      Thread.ofVirtual().name("watch-" + requestId).start(() -> awaitEnd(reader, isGone));
    }
    return isGone::get;
  }

  private static void awaitEnd(DataReader reader, AtomicBoolean isGone) {
    try {
      reader.pullData(); // a client that sends on, before its answer, is not served that
    } catch (RuntimeException e) {
      isGone.set(true); // the end of the stream, or a broken connection
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
