package dev.throng.http;

import dev.throng.answer.AnswerService;
import dev.throng.answer.PassageSearch;
import dev.throng.answer.ResumableStreams;
import dev.throng.backend.Generator;
import dev.throng.catalog.Catalog;
import dev.throng.config.ServerConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.OpenFiles;
import dev.throng.core.SharedBuckets;
import dev.throng.core.ThrongException;
import dev.throng.http.admin.AdminGate;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.http.admin.CacheRoute;
import dev.throng.http.admin.IngestRoute;
import dev.throng.http.admin.PurgeRoute;
import dev.throng.http.admin.ReindexRoute;
import dev.throng.http.admin.SyncRoute;
import dev.throng.observe.ConnectionMetrics;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: routes, error mapping, request ids, and a shutdown that lets requests finish.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration DRAIN_POLL = Duration.ofMillis(20);
  private static final Duration RESERVE_RETRY = Duration.ofSeconds(1);

  /** Connections beyond the configured limit, on which only health checks are answered. */
  private static final int RESERVE_CONNECTIONS = 32;

  /** The parts that the routes use. */
  public record Parts(
      AnswerService answers,
      ResumableStreams streams,
      Generator generator,
      PassageSearch passages,
      Catalog catalog,
      TenantResolver tenants,
      SharedBuckets buckets,
      AdminGate adminGate,
      IngestRoute ingest,
      BackendsRoute backends,
      CacheRoute cache,
      CollectionsRoute collections,
      DocumentsRoute documents,
      JobsRoute jobs,
      SyncRoute sync,
      PurgeRoute purge,
      ReindexRoute reindex,
      QuestionReader questions,
      Readiness readiness,
      MetricsRegistry metrics,
      RequestLog requestLog,
      Ids ids,
      String version) {}

  private final ServerConfig config;
  private final Parts parts;
  private final QueryRoute query;
  private final SearchRoute search;
  private final StatusRoutes status;
  private final RateGate rateGate;
  private final HostGate hostGate;
  private final Connections connections;
  private final FailureResponses failures;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Listener listener;
  private final Optional<Listener> management;

  public HttpServer(ThrongConfig config, Parts parts) {
    this.config = config.server();
    this.parts = parts;
    this.query =
        new QueryRoute(parts.answers(), parts.streams(), parts.tenants(), parts.questions());
    this.search = new SearchRoute(parts.passages(), parts.tenants(), parts.questions().rules());
    this.rateGate = new RateGate(config.admission(), parts.tenants(), parts.buckets());
    this.status =
        new StatusRoutes(
            parts.readiness(),
            parts.generator(),
            parts.catalog(),
            parts.metrics(),
            parts.version());
    this.hostGate = new HostGate(this.config);
    int max = maxConnections();
    this.connections =
        new Connections(this.config, max, new ConnectionMetrics(parts.metrics().registry()));
    this.failures = new FailureResponses(parts.adminGate(), connections);
    this.listener = listener(this.config.port(), max + RESERVE_CONNECTIONS, this::route);
    this.management =
        hasManagementPort()
            ? Optional.of(
                listener(this.config.managementPort(), RESERVE_CONNECTIONS, this::routeManagement))
            : Optional.empty();
  }

  private boolean hasManagementPort() {
    return config.managementPort() != 0 && config.managementPort() != config.port();
  }

  private int maxConnections() {
    int max = Math.min(config.maxConnections(), OpenFiles.leftForConnections());
    if (max < config.maxConnections()) {
      log.warn(
          "at most {} connections: the system allows this process {} open files (ulimit -n)",
          max,
          OpenFiles.max());
    }
    return max;
  }

  private Listener listener(int port, int maxConnections, Consumer<HttpRouting.Builder> routes) {
    return new Listener(
        config.host(),
        port,
        maxConnections,
        () ->
            WebServer.builder()
                .useNio(false) // blocking sockets make an answer 3 % cheaper on a virtual thread
                .shutdownHook(false) // app/Wiring decides the shutdown order
                .directHandlers(handlers -> MalformedHttp.register(handlers, parts.ids()))
                .protocolsDiscoverServices(false) // HttpVersions must be the first to read
                .addConnectionSelector(new HttpVersions(connections)),
        routes);
  }

  /**
   * Opens the port.
   *
   * @throws ThrongException PORT_UNAVAILABLE, naming address and port, when it is in use
   */
  public void start() {
    management.ifPresent(Listener::start);
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
   * Stops being ready, waits for requests in flight up to the drain timeout, and closes the port.
   */
  @Override
  public void close() {
    parts.readiness().set(Readiness.State.STOPPING);
    long until = System.nanoTime() + config.drainTimeout().toNanos();
    while (inFlight.get() > 0 && System.nanoTime() - until < 0) {
      try {
        Thread.sleep(DRAIN_POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (inFlight.get() > 0) {
      log.warn("{} requests were still running after {}", inFlight.get(), config.drainTimeout());
    }
    listener.close();
    management.ifPresent(Listener::close);
    connections.close();
  }

  private void route(HttpRouting.Builder routing) {
    add(routing, Method.POST, "/query", whenAnswering(query::handle));
    add(routing, Method.GET, "/query/{id}/events", whenAnswering(query::resume));
    add(routing, Method.POST, "/search", whenAnswering(search::handle));
    routeHealth(routing);
    if (!hasManagementPort()) {
      addForChecks(routing, "/metrics", status::metrics);
    }
    add(routing, Method.GET, "/version", status::version);
    routeDocuments(routing);
    addForOperators(routing, Method.POST, "/admin/ingest", parts.ingest()::handle);
    addForOperators(routing, Method.GET, "/admin/backends", parts.backends()::list);
    addForOperators(routing, Method.POST, "/admin/backends/drain", parts.backends()::drain);
    addForOperators(routing, Method.POST, "/admin/backends/resume", parts.backends()::resume);
    addForOperators(routing, Method.GET, "/admin/cache/stats", parts.cache()::stats);
    addForOperators(routing, Method.POST, "/admin/cache/inspect", parts.cache()::inspect);
    addForOperators(routing, Method.POST, "/admin/cache/invalidate", parts.cache()::invalidate);
    addForOperators(routing, Method.POST, "/admin/purge", parts.purge()::purge);
    addForOperators(routing, Method.POST, "/admin/purge/verify", parts.purge()::verify);
    add(
        routing,
        "/admin/reindex",
        Map.of(
            Method.GET, forOperators(parts.reindex()::status),
            Method.POST, forOperators(parts.reindex()::begin)));
    addForOperators(routing, Method.POST, "/admin/reindex/rollback", parts.reindex()::rollBack);
    addForOperators(routing, Method.POST, "/admin/reindex/discard", parts.reindex()::discard);
    routeNothingElse(routing);
  }

  /** Adds health and metrics routes, for a separate port. */
  private void routeManagement(HttpRouting.Builder routing) {
    routeHealth(routing);
    addForChecks(routing, "/metrics", status::metrics);
    routeNothingElse(routing);
  }

  private void routeHealth(HttpRouting.Builder routing) {
    addForChecks(routing, "/health/live", status::live);
    addForChecks(routing, "/health/ready", status::ready);
  }

  private void routeNothingElse(HttpRouting.Builder routing) {
    routing.any(
        (request, response) -> serve(request, response, "none", guarded(HttpServer::notFound)));
    routing.error(Throwable.class, this::unexpected);
  }

  private void routeDocuments(HttpRouting.Builder routing) {
    DocumentsRoute documents = parts.documents();
    add(routing, Method.GET, "/collections", parts.collections()::list);
    add(routing, Method.DELETE, "/collections/{collection}", parts.collections()::delete);
    add(
        routing,
        "/collections/{collection}/documents",
        Map.of(Method.GET, documents::list, Method.POST, documents::post));
    add(
        routing,
        "/collections/{collection}/documents/{id}",
        Map.of(
            Method.GET, documents::get,
            Method.PUT, documents::put,
            Method.DELETE, documents::delete));
    addForOperators(routing, Method.POST, "/collections/{collection}/sync", parts.sync()::handle);
    add(routing, Method.GET, "/jobs", parts.jobs()::list);
    add(routing, Method.GET, "/jobs/{id}", parts.jobs()::get);
    add(routing, Method.GET, "/jobs/{id}/events", parts.jobs()::events);
    add(routing, Method.POST, "/jobs/{id}/cancel", parts.jobs()::cancel);
    add(routing, Method.POST, "/jobs/{id}/retry", parts.jobs()::retry);
  }

  /**
   * Adds a route for probes and scrapers. They may use any host name, and are answered even when
   * all connections are in use. Some load balancers send HEAD requests.
   */
  private void addForChecks(HttpRouting.Builder routing, String path, Consumer<Exchange> handler) {
    addUnguarded(routing, path, Map.of(Method.GET, handler, Method.HEAD, handler));
  }

  private void addForOperators(
      HttpRouting.Builder routing, Method method, String path, Consumer<Exchange> handler) {
    add(routing, method, path, forOperators(handler));
  }

  private Consumer<Exchange> forOperators(Consumer<Exchange> handler) {
    return exchange -> {
      parts.adminGate().check(exchange.request());
      handler.accept(exchange);
    };
  }

  private Consumer<Exchange> whenAnswering(Consumer<Exchange> handler) {
    return exchange -> {
      parts.readiness().checkAnswering();
      rateGate.check(exchange);
      handler.accept(exchange);
    };
  }

  private void add(
      HttpRouting.Builder routing, Method method, String path, Consumer<Exchange> handler) {
    add(routing, path, Map.of(method, handler));
  }

  private void add(
      HttpRouting.Builder routing, String path, Map<Method, Consumer<Exchange>> handlers) {
    addUnguarded(
        routing,
        path,
        handlers.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> guarded(entry.getValue()))));
  }

  private Consumer<Exchange> guarded(Consumer<Exchange> handler) {
    return exchange -> {
      checkNotReserve(exchange);
      hostGate.check(exchange.request());
      handler.accept(exchange);
    };
  }

  private void checkNotReserve(Exchange exchange) {
    if (exchange.isOnReserveConnection()) {
      throw ThrongException.overloaded(
          "all %d connections are in use".formatted(config.maxConnections()), RESERVE_RETRY);
    }
  }

  private void addUnguarded(
      HttpRouting.Builder routing, String path, Map<Method, Consumer<Exchange>> handlers) {
    handlers.forEach((method, handler) ->
        routing.route(
            method, path, (request, response) -> serve(request, response, path, handler)));
    String allowed =
        handlers.keySet().stream().map(Method::text).sorted().collect(Collectors.joining(", "));
    routing.any(
        path,
        (request, response) ->
            serve(
                request, response, path, guarded(exchange -> methodNotAllowed(exchange, allowed))));
  }

  private void serve(
      ServerRequest request, ServerResponse response, String path, Consumer<Exchange> handler) {
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
      parts
          .requestLog()
          .log(exchange.id(), path, response.status().code(), exchange.elapsedNanos());
    }
    exchange.finish();
  }

  private static void notFound(Exchange exchange) {
    throw new ThrongException(
        ErrorCode.NOT_FOUND, "nothing at " + exchange.request().path().rawPath());
  }

  private static void methodNotAllowed(Exchange exchange, String allowed) {
    exchange.response().header(HeaderNames.ALLOW, allowed);
    throw new ThrongException(
        ErrorCode.METHOD_NOT_ALLOWED,
        "%s (expected: %s)".formatted(exchange.request().prologue().method().text(), allowed));
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
    exchange.finish();
  }
}
