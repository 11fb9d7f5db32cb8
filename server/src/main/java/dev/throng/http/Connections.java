package dev.throng.http;

import dev.throng.config.ServerConfig;
import dev.throng.core.Carriers;
import dev.throng.core.Deadline;
import dev.throng.core.MemoryBudget;
import dev.throng.core.Periodic;
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
 * The connections of a listener. It limits their number, and how long each may take for the head of
 * a request, its body, reading the response, and being idle.
 */
final class Connections implements Http1ConnectionListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

  /** The time within which a request whose parts arrive without pause is complete. */
  private static final Duration ARRIVAL_TIME = Duration.ofMillis(100);

  private static final MemoryBudget.Reservation NOTHING_RESERVED = () -> {};

  /** Responses up to this size need no reservation, because each connection has at most one. */
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
  private final Periodic watch;
  private volatile boolean isEnding;

  // A connection has one thread, which reads requests and runs their handlers.
  @SuppressWarnings("ThreadLocalUsage") // one per server, so not static
  private final ThreadLocal<ClientConnection> own = new ThreadLocal<>();

  /**
   * Creates the connections of one listener.
   *
   * @param max maximum number of connections whose requests are served at the same time
   */
  Connections(ServerConfig config, int max, ConnectionMetrics metrics) {
    this.max = max;
    this.headTimeout = config.connections().headTimeout();
    this.bodyTimeout = config.connections().bodyTimeout();
    this.idleTimeout = config.connections().idleTimeout();
    this.writeTimeout = config.connections().writeTimeout();
    this.metrics = metrics;
    this.watch = Periodic.start("connection-watch", CHECK_INTERVAL, this::closeLate);
  }

  /** Returns the number of open connections, for a gauge. */
  int count() {
    return open.size();
  }

  /**
   * Registers a connection that the calling thread is going to serve. When there are too many, the
   * one that has waited longest for its client is closed. When none is waiting, the new one answers
   * only health checks.
   */
  ClientConnection open(ConnectionContext context) {
    ClientConnection connection = open.size() < max ? add(context, false) : makeRoomAndAdd(context);
    own.set(connection);
    return connection;
  }

  /** Serialized, so that each new connection closes a different one. */
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

  /** Must be called when either side has closed the connection. */
  void closed(ClientConnection connection) {
    open.remove(connection);
    own.remove();
  }

  /** Returns the connection that the calling thread serves, or null on other threads. */
  @Nullable ClientConnection own() {
    return own.get();
  }

  /**
   * Closes the connection that has waited longest: connections without a request first, then those
   * with unfinished heads, then those with unfinished bodies.
   *
   * @return whether any was waiting; that one may have been served in the meantime
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
      close(longest, longest.phase(), Closed.MADE_ROOM); // unless its client has sent more since
    }
    return longest != null;
  }

  /**
   * Returns the order in which connections are closed. A request that is just arriving comes last,
   * because closing it would waste a request that is half read.
   */
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
      open.remove(connection); // its thread notices the close a little later
    }
  }

  private void closeLate() {
    long now = System.nanoTime();
    open.forEach(connection -> closeIfLate(connection, now));
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
   * Must be called when a request of the connection was served and the next one may come.
   *
   * @throws CloseConnectionException when the connection was closed in the meantime
   */
  void served(ClientConnection connection) {
    connection.enter(Phase.IDLE);
    if (connection.dataReader().available() > 0) {
      Carriers.yieldToOthers(); // a client may pipeline many requests
    }
  }

  /**
   * Reserves memory for a response until the client has received it.
   *
   * @throws dev.throng.core.ThrongException OVERLOADED when responses to slow clients hold all of
   *     it
   */
  MemoryBudget.Reservation reserveResponse(int bytes) {
    return bytes <= SMALL_RESPONSE_BYTES
        ? NOTHING_RESERVED
        : responses.reserve(bytes, Deadline.after(Ticker.system(), RESPONSE_MEMORY_WAIT));
  }

  /** Tells the client of every connection, with its next response, to close it. */
  void endWithNextResponse() {
    isEnding = true;
  }

  /** Returns whether connections end with their next response. */
  boolean isEnding() {
    return isEnding;
  }

  /** Must be called when a client disconnected in the middle of a request. */
  void clientGone() {
    metrics.closed(Closed.CLIENT_GONE);
  }

  /**
   * Watches a connection whose request has been read completely. Only a blocking read shows that a
   * client has disconnected, so a thread reads from the connection. The connection must be closed
   * after the response, which also ends the watch.
   *
   * @return whether the client has disconnected; a client that closed its sending side counts as
   *     disconnected
   */
  BooleanSupplier watchClient(@Nullable ClientConnection connection, String requestId) {
    AtomicBoolean isGone = new AtomicBoolean();
    if (connection != null) { // null when not on a connection's thread
      DataReader reader = connection.dataReader();
      Thread.ofVirtual().name("watch-" + requestId).start(() -> awaitEnd(reader, isGone));
    }
    return isGone::get;
  }

  private static void awaitEnd(DataReader reader, AtomicBoolean isGone) {
    try {
      reader.pullData(); // a request sent before the response is discarded
    } catch (RuntimeException e) {
      isGone.set(true); // the end of the stream, or a broken connection
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
