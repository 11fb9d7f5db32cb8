package dev.throng.app;

import dev.throng.backend.Generator;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.SecureLongs;
import dev.throng.core.ThrongException;
import dev.throng.folder.FolderSync;
import dev.throng.folder.SyncProgress;
import dev.throng.folder.SyncReport;
import dev.throng.http.FeedbackRoute;
import dev.throng.http.HttpServer;
import dev.throng.http.RateGate;
import dev.throng.http.Readiness;
import dev.throng.http.Route;
import dev.throng.http.StatusRoutes;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.AdminGate;
import dev.throng.http.admin.LivePage;
import dev.throng.observe.FeedbackMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import java.io.File;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A complete server. Its features are created here, by hand; each brings its own objects, routes
 * and gauges.
 */
public final class Wiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  private static final Duration STORE_POLL = Duration.ofSeconds(1);

  /** Longest wait for Redis before the server starts without it. */
  private static final Duration REDIS_WAIT = Duration.ofSeconds(10);

  private final ThrongConfig config;
  private final LocalServer local;
  private final Corpus corpus;
  private final MetricsRegistry metrics;
  private final Sharing sharing;
  private final Readiness readiness;
  private final Backends backends;
  private final Ingestion ingest;
  private final HttpServer http;
  private final Agreement agreement;
  private final Evaluation evaluation;

  /** Opens the data folder and creates all objects. The port stays closed until {@link #start}. */
  public Wiring(ThrongConfig config) {
    this.config = config;
    Ids ids = new Ids(new SecureLongs());
    this.local = LocalServer.create(config.data().dir(), new Ids(new SecureRandom()));
    this.corpus = Corpus.open(config);
    this.metrics = new MetricsRegistry();
    this.sharing = Sharing.of(config, corpus.catalog(), metrics.registry());
    this.readiness = new Readiness(this::degradedComponents);
    this.backends = new Backends(config, corpus, sharing, metrics);
    Answering answering = new Answering(config, corpus, backends, sharing, ids, metrics);
    this.ingest = new Ingestion(config, corpus, answering.purge(), ids, metrics);
    this.evaluation = new Evaluation(config.eval(), corpus.retriever(), metrics);
    TenantResolver tenants = new TenantResolver(config.server().trustedTenantHeader());
    this.http =
        new HttpServer(
            config.server(),
            new HttpServer.Parts(
                routes(answering, tenants, ids),
                readiness,
                new RateGate(config.admission(), tenants, sharing.buckets()),
                new AdminGate(config.admin().token(), local.token()),
                metrics,
                new RequestLog(config.observe()),
                ids));
    this.agreement =
        new Agreement(
            config,
            corpus.catalog(),
            corpus.embedders().configured(),
            backends.generator(),
            readiness);
    addGauges();
  }

  /** Returns all routes. They are tried in this order, so those of the answer path are first. */
  private List<Route> routes(Answering answering, TenantResolver tenants, Ids ids) {
    StatusRoutes status =
        new StatusRoutes(
            readiness,
            backends.generator()::identity,
            corpus.catalog(),
            metrics,
            Version.current());
    return Route.all(
        answering.routes(tenants),
        status.routes(),
        LivePage.routes(),
        ingest.routes(tenants, readiness),
        backends.routes(),
        feedback(tenants, ids).routes(),
        Purging.routes(config, corpus, ingest, answering.purge(), tenants));
  }

  private FeedbackRoute feedback(TenantResolver tenants, Ids ids) {
    return new FeedbackRoute(
        corpus.catalog(),
        config.feedback(),
        config.server(),
        config.answer().defaultCollection(),
        tenants,
        ids,
        new FeedbackMetrics(metrics.registry()));
  }

  /** Returns the components that are temporarily out of use while the service continues. */
  private List<String> degradedComponents() {
    List<String> names = new ArrayList<>();
    sharing.degraded().ifPresent(names::add);
    if (corpus.store().isDegraded()) {
      names.add(corpus.store().name());
    }
    return List.copyOf(names);
  }

  private void addGauges() {
    metrics.gauge(Metric.BUILD, () -> 1, "version", Version.current());
    metrics.flag(Metric.READY, readiness::isReady);
    metrics.flag(Metric.AGREES, () -> readiness.disagreement().isEmpty());
    watchComponent("catalog", corpus.catalog()::isAvailable);
    watchComponent(corpus.store().name(), () -> !corpus.store().isDegraded());
    if (config.redis().isUsed()) {
      watchComponent("redis", () -> sharing.degraded().isEmpty());
    }
    File data = config.data().dir().toFile();
    metrics.gauge(Metric.DATA_FREE, data::getUsableSpace);
    metrics.gauge(Metric.DATA_SIZE, data::getTotalSpace);
    metrics.gauge(Metric.IN_FLIGHT, http::inFlight);
    metrics.gauge(Metric.CONNECTIONS_OPEN, http::openConnections);
    metrics.gauge(Metric.EMBED_QUEUE, corpus.embedders().configured()::waitingQueries);
    metrics.gauge(Metric.STORE_CALLS_WAITING, corpus.store()::waitingCalls);
    metrics.gauge(Metric.INDEXES_OPEN, corpus.store()::openIndexes);
    metrics.gauge(Metric.DOCUMENTS, this::documentCount);
    metrics.gauge(
        Metric.EPOCH, () -> corpus.catalog().states().stream().mapToLong(s -> s.epoch()).sum());
  }

  private void watchComponent(String name, BooleanSupplier isUp) {
    metrics.flag(Metric.COMPONENT_UP, isUp, "component", name);
  }

  /**
   * Opens the port. The server is not ready yet. It never becomes ready if other replicas made the
   * collections with another embedder or model.
   */
  public void start() {
    try {
      var _ = tryOpen(corpus::checkCollections);
    } catch (ThrongException e) {
      if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
        throw e;
      }
      log.warn("not ready before the store answers: {}", e.getMessage());
    }
    http.start();
    agreement.begin("http://%s:%d".formatted(config.server().host(), http.port()));
  }

  /**
   * Runs an action that opens collections, and returns whether they are compatible with this
   * server. Collections may have been made by other replicas. For a single server an incompatible
   * one is an error.
   */
  private boolean tryOpen(Runnable opening) {
    try {
      opening.run();
      return true;
    } catch (ThrongException e) {
      if (e.code() != ErrorCode.INDEX_MISMATCH || !config.catalog().isShared()) {
        throw e;
      }
      log.error("not ready: {}", e.getMessage());
      agreement.refuse(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Returns whether this replica is compatible with the others. */
  public boolean isCompatible() {
    return agreement.isReached();
  }

  /** Publishes the server's address to commands on this machine. */
  public void announce() {
    local.announce(http.port());
  }

  /**
   * Opens the collections and warms them up, as soon as the store is available, and then marks the
   * server ready.
   *
   * @return false when it does not become ready, because it disagrees with other replicas or is
   *     stopped
   */
  public boolean open(CollectionRef collection) {
    // Checked again: another replica may have created a collection since this one started.
    if (!isCompatible() || !tryOpen(() -> awaitStore(collection))) {
      return false;
    }
    if (!sharing.awaitUse(REDIS_WAIT)) {
      log.warn("redis does not respond; this replica starts without it");
    }
    if (isStopping()) {
      return false; // what would start now would not be stopped any more
    }
    ingest.start();
    readiness.set(Readiness.State.READY);
    evaluation.start();
    return true;
  }

  private boolean isStopping() {
    return readiness.state() == Readiness.State.STOPPING;
  }

  private void awaitStore(CollectionRef collection) {
    while (!isStopping()) {
      try {
        corpus.checkCollections();
        corpus.indexer().openCollection(collection);
        corpus.warmUp(collection);
        return;
      } catch (ThrongException e) {
        if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
          throw e;
        }
        LockSupport.parkNanos(STORE_POLL.toNanos());
      }
    }
  }

  /** Marks the server as ingesting, if documents of an earlier run can answer in the meantime. */
  public void markIngesting() {
    if (documentCount() > 0) {
      readiness.set(Readiness.State.INGESTING);
    }
  }

  /**
   * Applies the part of a new configuration that can change at runtime: the backends.
   *
   * @throws ThrongException when a new backend cannot be used; the current backends then stay in
   *     use
   */
  public void reload(ThrongConfig fresh) {
    if (!fresh.withBackendsOf(config).equals(config)) {
      log.warn("only the backends were reloaded; other settings have changed that need a restart");
    }
    backends.reload(fresh);
  }

  public int port() {
    return http.port();
  }

  /** Returns the token with which commands on this machine may use operator paths. */
  public String localToken() {
    return local.token();
  }

  /** Returns the number of live documents of all collections. */
  public int documentCount() {
    return corpus.catalog().states().stream().mapToInt(s -> s.byVersion().size()).sum();
  }

  public FolderSync sync() {
    return ingest.sync();
  }

  /**
   * Makes a collection equal to a folder. Once the server is ready, the collection follows the
   * folder if {@code ingest.watch} is on.
   */
  public SyncReport mirror(CollectionRef collection, Path folder, Consumer<SyncProgress> progress)
      throws InterruptedException {
    return ingest.mirror(collection, folder, progress);
  }

  public Generator generator() {
    return backends.generator();
  }

  /** Stops being ready, and waits until clients have left. */
  public void drain() {
    http.drain();
  }

  /**
   * Shuts down in order: refuses new requests, lets those in flight finish, and then closes what
   * they used.
   */
  @Override
  public void close() {
    http.close();
    evaluation.close();
    ingest.close();
    local.close();
    agreement.close();
    backends.close();
    sharing.close();
    corpus.close();
    metrics.close();
  }
}
