package dev.throng.app;

import dev.throng.admission.Admission;
import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerService;
import dev.throng.answer.PassageSearch;
import dev.throng.backend.Generator;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.SharedTier;
import dev.throng.cache.redis.RedisTier;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.Ids;
import dev.throng.core.Ticker;
import dev.throng.http.HttpServer;
import dev.throng.http.Readiness;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.AdminGate;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.http.admin.IngestRoute;
import dev.throng.ingest.FolderSync;
import dev.throng.observe.AnswerMetrics;
import dev.throng.observe.BackendMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import dev.throng.observe.TierMetrics;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole server; every object of it is made here, by hand. */
public final class Wiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  private final Corpus corpus;
  private final ThrongConfig config;
  private final Generator generator;
  private final Optional<Membership> membership;
  private final @Nullable SharedTier tier;
  private final MetricsRegistry metrics;
  private final Readiness readiness = new Readiness();
  private final FolderSync sync;
  private final HttpServer http;
  private final LocalServer local;

  /** Opens the data folder and makes everything; the port stays closed until {@link #start}. */
  public Wiring(ThrongConfig config) {
    this.config = config;
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    Ids ids = new Ids(random);
    this.local = LocalServer.create(config.data().dir(), new Ids(new SecureRandom()));
    this.corpus = Corpus.open(config);
    this.metrics = new MetricsRegistry();
    Generators.Chosen chosen =
        Generators.choose(config, corpus.embedder(), new BackendMetrics(metrics.registry()));
    this.generator = chosen.generator();
    this.membership = chosen.membership();
    Optional<BackendPool> pool = membership.map(Membership::pool);
    pool.ifPresent(
        backends -> corpus.catalog().drainedBackends().forEach(url -> backends.drain(url, true)));
    this.sync = new FolderSync(corpus.ingester());
    TenantResolver tenants = new TenantResolver(config.server().trustedTenantHeader());
    Admissions admissions =
        Admissions.of(
            config.admission(),
            generator::slots,
            Runtime.getRuntime().availableProcessors(),
            corpus.store().capabilities().shared(),
            metrics.registry());
    generator.onSlotsChange(admissions.generations()::capacityChanged);
    this.tier = sharedTier(config, metrics, random);
    AnswerCache cache = new AnswerCache(config.cache(), Ticker.system(), tier);
    AnswerService answers =
        new AnswerService(
            corpus.catalog(),
            corpus.retriever(),
            generator,
            admissions,
            cache,
            config.retrieval(),
            config.admission().ladder(),
            Generators.quoting(),
            ids,
            new AnswerMetrics(metrics.registry()));
    this.http =
        new HttpServer(
            config,
            new HttpServer.Parts(
                answers,
                generator,
                new PassageSearch(corpus.retriever(), admissions.retrievals()),
                corpus.catalog(),
                tenants,
                new AdminGate(config.admin().token(), local.token()),
                new IngestRoute(sync, tenants, config.answer().defaultCollection()),
                new BackendsRoute(pool, corpus.catalog()),
                readiness,
                metrics,
                new RequestLog(config.observe(), metrics.registry()),
                ids,
                Version.current()));
    readiness.watch(this::degradedComponents);
    addGauges(answers, admissions, cache);
  }

  private static @Nullable SharedTier sharedTier(
      ThrongConfig config, MetricsRegistry metrics, RandomGenerator random) {
    return config.redis().isUsed()
        ? new RedisTier(config.redis(), new TierMetrics(metrics.registry(), "redis"), random)
        : null;
  }

  /** What is out of use for now, though the service goes on. */
  private List<String> degradedComponents() {
    List<String> names = new ArrayList<>();
    if (tier != null && tier.isDegraded()) {
      names.add(tier.name());
    }
    if (corpus.store().isDegraded()) {
      names.add(corpus.store().name());
    }
    return List.copyOf(names);
  }

  private void addGauges(AnswerService answers, Admissions admissions, AnswerCache cache) {
    metrics.gauge(Metric.IN_FLIGHT, http::inFlight);
    metrics.gauge(Metric.FLIGHTS, answers::flightCount);
    metrics.gauge(Metric.CACHED_QUESTIONS, cache::questionCount);
    Admission generations = admissions.generations();
    metrics.gauge(Metric.GENERATIONS_RUNNING, generations::running);
    metrics.gauge(Metric.GENERATIONS_WAITING, generations::waiting);
    metrics.gauge(Metric.GENERATIONS_OLDEST_WAIT, () -> generations.oldestWait().toMillis() / 1e3);
    metrics.gauge(Metric.RETRIEVALS_RUNNING, admissions.retrievals()::running);
    metrics.gauge(Metric.RETRIEVALS_WAITING, admissions.retrievals()::waiting);
    metrics.gauge(Metric.EMBED_QUEUE, corpus.embedder()::waitingQueries);
    metrics.gauge(Metric.STORE_CALLS_WAITING, corpus.store()::waitingCalls);
    metrics.gauge(Metric.DOCUMENTS, this::documentCount);
    metrics.gauge(
        Metric.EPOCH, () -> corpus.catalog().states().stream().mapToLong(s -> s.epoch()).sum());
  }

  /** Opens the port. Not ready yet. */
  public void start() {
    corpus.checkCollections();
    http.start();
  }

  /** Tells other commands on this machine where the server is. */
  public void announce() {
    local.announce(http.port());
  }

  /** Makes the first calls of every kind before a person does, then takes requests. */
  public void becomeReady(CollectionRef collection) {
    corpus.ingester().openCollection(collection);
    corpus.warmUp(collection);
    readiness.set(Readiness.State.READY);
  }

  /** Documents are about to be read; those of an earlier start answer meanwhile. */
  public void ingesting() {
    if (documentCount() > 0) {
      readiness.set(Readiness.State.INGESTING);
    }
  }

  /**
   * Takes over what of a new configuration can be changed while it serves: the backends.
   *
   * @throws dev.throng.core.ThrongException when one of them cannot be used at all; then all stay
   */
  public void reload(ThrongConfig fresh) {
    if (!fresh.withBackendsOf(config).equals(config)) {
      log.warn("only backends are read again; other settings have changed that need a restart");
    }
    membership.ifPresentOrElse(
        members -> {
          members.configure(Generators.backends(fresh));
          log.info("backends were read again: {}", members.pool().view().size());
        },
        () -> log.warn("backends were read again, but this server was started without any"));
  }

  public int port() {
    return http.port();
  }

  /** What operator paths accept from commands on this machine. */
  public String localToken() {
    return local.token();
  }

  /** Live documents of all collections. */
  public int documentCount() {
    return corpus.catalog().states().stream().mapToInt(s -> s.byVersion().size()).sum();
  }

  public FolderSync sync() {
    return sync;
  }

  public Generator generator() {
    return generator;
  }

  /** Stops in order: no new requests, those in flight finish, then what they used. */
  @Override
  public void close() {
    http.close();
    local.close();
    membership.ifPresent(Membership::close);
    generator.close();
    if (tier != null) {
      tier.close();
    }
    corpus.close();
    metrics.close();
  }
}
