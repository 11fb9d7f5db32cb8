package dev.throng.http;

import dev.throng.config.ServerConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.OpenFiles;
import dev.throng.core.ThrongException;
import dev.throng.http.Route.Access;
import dev.throng.http.admin.AdminGate;
import dev.throng.observe.ConnectionMetrics;
import dev.throng.observe.HttpMetrics;
import dev.throng.observe.HttpMetrics.RouteMetrics;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: routes, error mapping, request ids, and a shutdown that lets requests finish.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration DRAIN_POLL = Duration.ofMillis(20);

  /** Clients in use send their next request sooner; idle ones need not be waited for. */
  private static final Duration CLIENTS_LEAVE = Duration.ofSeconds(1);

  private static final Duration RESERVE_RETRY = Duration.ofSeconds(1);

  /** Stands in metrics and logs for what clients may choose freely. */
  private static final String OTHER = "other";

  private static final String NO_PATH = "none";

  /** Connections beyond the configured limit, on which only health checks are answered. */
  private static final int RESERVE_CONNECTIONS = 32;

  /** What all routes have in common, and the routes. */
  public record Parts(
      List<Route> routes,
      Readiness readiness,
      RateGate rateGate,
      AdminGate adminGate,
      MetricsRegistry metrics,
      RequestLog requestLog,
      Ids ids) {}

  private final ServerConfig config;
  private final Parts parts;
  private final HostGate hostGate;
  private final Connections connections;
  private final HttpMetrics metrics;
  private final FailureResponses failures;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Listener listener;
  private final @Nullable Listener management;

  public HttpServer(ServerConfig config, Parts parts) {
    this.config = config;
    this.parts = parts;
    this.hostGate = new HostGate(config);
    int max = maxConnections();
    this.connections =
        new Connections(config, max, new ConnectionMetrics(parts.metrics().registry()));
    this.metrics = new HttpMetrics(parts.metrics().registry());
    this.failures = new FailureResponses(parts.adminGate(), connections);
    boolean isApart = config.managementPort() != 0 && config.managementPort() != config.port();
    this.listener =
        listener(
            config.port(),
            max + RESERVE_CONNECTIONS,
            access -> access != Access.METRICS || !isApart);
    this.management =
        isApart
            ? listener(config.managementPort(), RESERVE_CONNECTIONS, Access::isForChecks)
            : null;
  }

  private int maxConnections() {
    int max = Math.min(config.connections().max(), OpenFiles.leftForConnections());
    if (max < config.connections().max()) {
      log.warn(
          "at most {} connections: the system allows this process {} open files (ulimit -n)",
          max,
          OpenFiles.max());
    }
    return max;
  }

  private Listener listener(int port, int maxConnections, Predicate<Access> isServed) {
    return new Listener(
        config.host(),
        port,
        maxConnections,
        () ->
            WebServer.builder()
                .useNio(false) // blocking sockets make an answer 3 % cheaper on a virtual thread
                .shutdownHook(false) // app/Wiring decides the shutdown order
                .directHandlers(handlers -> MalformedHttp.register(handlers, parts.ids(), metrics))
                .protocolsDiscoverServices(false) // HttpVersions must be the first to read
                .addConnectionSelector(new HttpVersions(connections)),
        routing -> route(routing, isServed));
  }

  /**
   * Opens the port.
   *
   * @throws ThrongException PORT_UNAVAILABLE, naming address and port, when it is in use
   */
  public void start() {
    if (management != null) {
      management.start();
    }
    listener.start();
  }

  /**
   * Checks that a server could listen on the configured address now.
   *
   * @throws ThrongException PORT_UNAVAILABLE, naming address and port
   */
  public static void checkPortIsFree(ServerConfig config) {
    Listener.checkPortIsFree(config.host(), config.port());
  }

  public int port() {
    return listener.port();
  }

  /** Returns the number of open connections, for a gauge. */
  public int openConnections() {
    return connections.count();
  }

  /** Returns the number of requests being served, for a gauge. */
  public int inFlight() {
    return inFlight.get();
  }

  /**
   * Stops being ready, and waits until clients have left: for requests in flight up to the drain
   * timeout, and a moment for clients that keep their connections. These may be about to send the
   * next request; it is answered, and they are told to close.
   */
  public void drain() {
    drain(CLIENTS_LEAVE);
  }

  private void drain(Duration clientsLeave) {
    if (connections.isEnding()) {
      return; // it was drained before, and what still runs has had its time
    }
    parts.readiness().set(Readiness.State.STOPPING);
    connections.endWithNextResponse();
    long start = System.nanoTime();
    try {
      while (isUsed(System.nanoTime() - start, clientsLeave)) {
        Thread.sleep(DRAIN_POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (inFlight.get() > 0) {
      log.warn("{} requests were still running after {}", inFlight.get(), config.drainTimeout());
    }
  }

  private boolean isUsed(long drainedNanos, Duration clientsLeave) {
    return inFlight.get() > 0
        ? drainedNanos < config.drainTimeout().toNanos()
        : openConnections() > 0 && drainedNanos < clientsLeave.toNanos();
  }

  /** Closes the port, after requests in flight have ended or the drain timeout has passed. */
  @Override
  public void close() {
    drain(Duration.ZERO);
    listener.close();
    if (management != null) {
      management.close();
    }
    connections.close();
  }

  private void route(HttpRouting.Builder routing, Predicate<Access> isServed) {
    Map<String, List<Route>> byPath =
        parts.routes().stream()
            .filter(route -> isServed.test(route.access()))
            .collect(Collectors.groupingBy(Route::path, LinkedHashMap::new, Collectors.toList()));
    byPath.forEach((path, routes) -> add(routing, path, routes));
    RouteMetrics unknown = metrics.route(OTHER, NO_PATH);
    Consumer<Exchange> notFound = guarded(HttpServer::notFound);
    routing.any((request, response) -> serve(request, response, unknown, notFound));
    routing.error(Throwable.class, this::unexpected);
  }

  private void add(HttpRouting.Builder routing, String path, List<Route> routes) {
    SortedMap<String, Consumer<Exchange>> handlers = new TreeMap<>();
    for (Route route : routes) {
      handlers.put(route.method(), checked(route));
      if (route.access().isForChecks()) { // some load balancers send HEAD requests
        handlers.put("HEAD", checked(route));
      }
    }
    handlers.forEach((method, handler) -> {
      RouteMetrics own = metrics.route(method, path);
      if (routes.stream().anyMatch(route -> route.access() == Access.QUESTION)) {
        own.show();
      }
      routing.route(
          Method.create(method),
          path,
          (request, response) -> serve(request, response, own, handler));
    });
    String allowed = String.join(", ", handlers.keySet());
    RouteMetrics other = metrics.route(OTHER, path);
    Consumer<Exchange> refused = guarded(exchange -> methodNotAllowed(exchange, allowed));
    routing.any(path, (request, response) -> serve(request, response, other, refused));
  }

  /** Returns the handler of a route, preceded by the checks of its access. */
  private Consumer<Exchange> checked(Route route) {
    Consumer<Exchange> handler = route.handler();
    return switch (route.access()) {
      case HEALTH, METRICS -> handler;
      case CLIENT -> guarded(handler);
      case QUESTION ->
          guarded(exchange -> {
            parts.readiness().checkAnswering();
            parts.rateGate().check(exchange);
            handler.accept(exchange);
          });
      case OPERATOR ->
          guarded(exchange -> {
            parts.adminGate().check(exchange);
            handler.accept(exchange);
          });
    };
  }

  private Consumer<Exchange> guarded(Consumer<Exchange> handler) {
    return exchange -> {
      checkNotReserve(exchange);
      hostGate.check(exchange);
      handler.accept(exchange);
    };
  }

  private void checkNotReserve(Exchange exchange) {
    if (exchange.isOnReserveConnection()) {
      throw ThrongException.overloaded(
          "all %d connections are in use".formatted(config.connections().max()), RESERVE_RETRY);
    }
  }

  private void serve(
      ServerRequest request,
      ServerResponse response,
      RouteMetrics route,
      Consumer<Exchange> handler) {
    Exchange exchange = new Exchange(parts.ids().next(), request, response, connections);
    inFlight.incrementAndGet();
    try {
      handler.accept(exchange);
    } catch (ThrongException e) {
      failures.send(exchange, e);
    } catch (RuntimeException e) {
      failures.sendUnexpected(exchange, e);
    } finally {
      inFlight.decrementAndGet();
      ended(exchange, route);
    }
    exchange.finish();
  }

  private void ended(Exchange exchange, RouteMetrics route) {
    long nanos = exchange.elapsedNanos();
    ErrorCode failure = exchange.failure();
    if (failure == null) {
      route.served(exchange.status(), nanos);
    } else {
      route.served(failure.status(), nanos); // an event stream that failed began with 200
      metrics.failed(failure);
    }
    parts.requestLog().log(exchange.id(), route.path(), exchange.status(), nanos);
  }

  private static void notFound(Exchange exchange) {
    throw new ThrongException(ErrorCode.NOT_FOUND, "nothing at " + exchange.path());
  }

  private static void methodNotAllowed(Exchange exchange, String allowed) {
    exchange.setHeader("Allow", allowed);
    throw new ThrongException(
        ErrorCode.METHOD_NOT_ALLOWED, "%s (expected: %s)".formatted(exchange.method(), allowed));
  }

  /** Handles errors that Helidon raises outside of a handler. */
  private void unexpected(ServerRequest request, ServerResponse response, Throwable failure) {
    Exchange exchange = new Exchange(parts.ids().next(), request, response, connections);
    if (failure instanceof RuntimeException exception) {
      failures.sendUnexpected(exchange, exception);
    } else {
      failures.send(
          exchange, new ThrongException(ErrorCode.INTERNAL, "unexpected failure", failure));
    }
    ended(exchange, metrics.route(OTHER, NO_PATH));
    exchange.finish();
  }
}
