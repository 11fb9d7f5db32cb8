package dev.throng.http;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening port. Helidon closes it permanently when it cannot accept a connection, for example
 * because the process has no file handle left. This class opens it again.
 */
final class Listener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);
  private static final Duration REOPEN_INTERVAL = Duration.ofSeconds(1);

  /**
   * TCP keep-alive settings, by which the kernel checks whether the peer of a silent connection
   * still exists.
   */
  private static final int KEEP_ALIVE_IDLE_SECONDS = 60;

  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 15;
  private static final int KEEP_ALIVE_PROBES = 4;

  private final String host;
  private final int requestedPort;
  private final int maxConnections;
  private final Supplier<WebServerConfig.Builder> settings;
  private final Consumer<HttpRouting.Builder> routes;
  private volatile WebServer server;
  private volatile @Nullable Thread watch;
  private volatile boolean isClosing;

  /**
   * Creates a listener, which is not started.
   *
   * @param port 0 for any free port
   * @param maxConnections maximum number of accepted connections; further ones wait in the kernel's
   *     backlog
   * @param settings everything except address, connections and routes
   */
  Listener(
      String host,
      int port,
      int maxConnections,
      Supplier<WebServerConfig.Builder> settings,
      Consumer<HttpRouting.Builder> routes) {
    this.host = host;
    this.requestedPort = port;
    this.settings = settings;
    this.routes = routes;
    this.maxConnections = maxConnections;
    this.server = newServer(port);
  }

  private WebServer newServer(int port) {
    return settings
        .get()
        .host(host)
        .port(port)
        .maxTcpConnections(maxConnections)
        .connectionOptions(Listener::configure)
        .routing(routes)
        .build();
  }

  /**
   * Keep-alive: clients that vanished silently would hold their connections forever. No delay: the
   * last part of a response would wait until the client acknowledges the part before it.
   */
  private static void configure(SocketOptions.Builder options) {
    options
        .tcpNoDelay(true)
        .socketKeepAlive(true)
        .putSocketOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS)
        .putSocketOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS)
        .putSocketOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_PROBES);
  }

  /**
   * Watches the port, because Helidon does not report its loss: the thread that would report it
   * waits for itself.
   */
  private void watchUntilClosed(int port) {
    try {
      while (!isClosing) {
        Thread.sleep(CHECK_INTERVAL);
        if (isLost(port)) {
          log.error("port {} was lost; reopening it", port);
          reopen(port);
        }
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  /** Returns whether the port refuses connections. Other connection failures prove nothing. */
  private boolean isLost(int port) {
    InetSocketAddress own = new InetSocketAddress(host, port);
    InetAddress address =
        own.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own.getAddress();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), (int) CHECK_INTERVAL.toMillis());
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void reopen(int port) throws InterruptedException {
    while (!isClosing) {
      try {
        checkPortIsFree(host, port);
        WebServer another = newServer(port);
        another.start();
        server = another;
        if (isClosing) {
          another.stop();
        }
        log.info("port {} is open again", port);
        return;
      } catch (RuntimeException e) {
        log.debug("port {} cannot be reopened yet", port, e);
        Thread.sleep(REOPEN_INTERVAL);
      }
    }
  }

  /**
   * Opens the port.
   *
   * @throws ThrongException PORT_UNAVAILABLE, naming address and port, when it is in use
   */
  void start() {
    checkPortIsFree(host, requestedPort); // Helidon would only log a failure
    server.start();
    if (!server.isRunning()) {
      throw cannotListen(host, requestedPort, "see the log", null);
    }
    int port = server.port();
    watch = Thread.ofVirtual().name("port-watch").start(() -> watchUntilClosed(port));
  }

  int port() {
    return server.port();
  }

  /** Closes the port and all its connections. */
  @Override
  public void close() {
    isClosing = true;
    Thread watching = watch;
    if (watching != null) {
      watching.interrupt();
    }
    server.stop();
  }

  /**
   * Checks that a server could listen on this address now.
   *
   * @throws ThrongException PORT_UNAVAILABLE, naming address and port
   */
  static void checkPortIsFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw cannotListen(host, port, String.valueOf(e.getMessage()), e);
    }
  }

  private static ThrongException cannotListen(
      String host, int port, String why, @Nullable Throwable cause) {
    return new ThrongException(
        ErrorCode.PORT_UNAVAILABLE, "cannot listen on %s:%d: %s".formatted(host, port, why), cause);
  }
}
