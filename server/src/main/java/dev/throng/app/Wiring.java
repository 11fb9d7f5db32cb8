package dev.throng.app;

import dev.throng.admission.Admission;
import dev.throng.admission.Admissions;
import dev.throng.answer.AnswerParts;
import dev.throng.answer.AnswerPurge;
import dev.throng.answer.AnswerService;
import dev.throng.answer.CacheAdministration;
import dev.throng.answer.PassageSearch;
import dev.throng.answer.ResumableStreams;
import dev.throng.backend.Generator;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.backend.pool.SlotShares;
import dev.throng.backend.pool.SlotSharing;
import dev.throng.cache.AnswerCache;
import dev.throng.cache.LocalFlights;
import dev.throng.cache.SharedPurge;
import dev.throng.cache.StreamRecords;
import dev.throng.config.ThrongConfig;
import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.Ids;
import dev.throng.core.SecureLongs;
import dev.throng.core.SharedBuckets;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.folder.FolderSync;
import dev.throng.folder.FolderWatch;
import dev.throng.folder.SyncProgress;
import dev.throng.folder.SyncReport;
import dev.throng.http.CollectionsRoute;
import dev.throng.http.DocumentsRoute;
import dev.throng.http.HttpServer;
import dev.throng.http.JobsRoute;
import dev.throng.http.QuestionReader;
import dev.throng.http.Readiness;
import dev.throng.http.TenantResolver;
import dev.throng.http.admin.AdminGate;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.http.admin.CacheRoute;
import dev.throng.http.admin.IngestRoute;
import dev.throng.http.admin.PurgeRoute;
import dev.throng.http.admin.ReindexRoute;
import dev.throng.http.admin.SyncRoute;
import dev.throng.observe.AnswerMetrics;
import dev.throng.observe.BackendMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.observe.RequestLog;
import dev.throng.redis.Redis;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A complete server. All its objects are created here, by hand. */
public final class Wiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  private static final Duration STORE_POLL = Duration.ofSeconds(1);

  private final Corpus corpus;
  private final ThrongConfig config;
  private final Generator generator;
  private final Optional<Membership> membership;
  private final @Nullable Redis redis;
  private final MetricsRegistry metrics;
  private final Readiness readiness = new Readiness();
  private final IngestParts ingest;
  private final HttpServer http;
  private final LocalServer local;
  private final Optional<SlotSharing> sharing;
  private final Agreement agreement;
  private volatile @Nullable FolderWatch watch;

  /** Opens the data folder and creates all objects. The port stays closed until {@link #start}. */
  public Wiring(ThrongConfig config) {
    this.config = config;
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    Ids ids = new Ids(new SecureLongs());
    this.local = LocalServer.create(config.data().dir(), new Ids(new SecureRandom()));
    this.corpus = Corpus.open(config);
    this.metrics = new MetricsRegistry();
    this.redis =
        config.redis().isUsed()
            ? new Redis(config.redis(), corpus.catalog().replica(), metrics.registry(), random)
            : null;
    Generators.Chosen chosen =
        Generators.choose(
            config, corpus.embedders().configured(), new BackendMetrics(metrics.registry()));
    this.generator = chosen.generator();
    this.membership = chosen.membership();
    membership
        .map(Membership::pool)
        .ifPresent(pool ->
            corpus.catalog().drainedBackends().urls().forEach(url -> pool.drain(url, true)));
    if (redis != null) {
      corpus.catalog().onPublish(redis::announcePublish);
      redis.onPublish(corpus.catalog()::lookNow);
    }
    this.ingest = IngestParts.of(config, corpus, ids, metrics.registry());
    Admissions admissions = admissions();
    generator.onSlotsChange(admissions.generations()::capacityChanged);
    this.sharing = membership.flatMap(members -> sharing(members.pool(), admissions));
    AnswerCache cache = cache();
    AnswerService answers = answers(admissions, cache, ids);
    StreamRecords streams =
        new StreamRecords(Ticker.system(), redis == null ? null : redis.records());
    this.http =
        listener(
            answers,
            new ResumableStreams(answers, streams),
            administration(answers, admissions, cache),
            purge(cache, answers, streams),
            admissions,
            ids);
    this.agreement =
        new Agreement(
            config, corpus.catalog(), corpus.embedders().configured(), generator, readiness);
    readiness.watch(this::degradedComponents);
    addGauges(answers, admissions, cache);
  }

  private Admissions admissions() {
    return Admissions.of(
        config.admission(),
        config.pool().recoveryWait(),
        generator::slots,
        Runtime.getRuntime().availableProcessors(),
        corpus.store().capabilities().shared(),
        metrics.registry());
  }

  private AnswerService answers(Admissions admissions, AnswerCache cache, Ids ids) {
    return new AnswerService(
        new AnswerParts(
            corpus.catalog(),
            corpus.retriever(),
            generator,
            admissions,
            cache,
            redis == null ? new LocalFlights(Ticker.system(), cache::isPurged) : redis.flights(),
            config.retrieval(),
            config.admission().ladder(),
            Generators.quoting(),
            ids,
            InstantSource.system(),
            new AnswerMetrics(metrics.registry())));
  }

  private PurgeRoute purge(AnswerCache cache, AnswerService answers, StreamRecords streams) {
    SharedPurge shared = redis == null ? SharedPurge.NONE : redis.purge();
    return PurgeParts.route(
        config,
        corpus,
        ingest,
        new AnswerPurge(cache, answers, streams, corpus.retriever(), shared));
  }

  private CacheAdministration administration(
      AnswerService answers, Admissions admissions, AnswerCache cache) {
    return new CacheAdministration(
        corpus.catalog(),
        corpus.retriever(),
        generator,
        admissions.retrievals(),
        cache,
        answers,
        config.retrieval());
  }

  private HttpServer listener(
      AnswerService answers,
      ResumableStreams streams,
      CacheAdministration administration,
      PurgeRoute purge,
      Admissions admissions,
      Ids ids) {
    TenantResolver tenants = new TenantResolver(config.server().trustedTenantHeader());
    QuestionReader questions = new QuestionReader(config, generator, tenants);
    return new HttpServer(
        config,
        new HttpServer.Parts(
            answers,
            streams,
            generator,
            new PassageSearch(corpus.retriever(), admissions.retrievals()),
            corpus.catalog(),
            tenants,
            redis == null ? SharedBuckets.NONE : redis.buckets(),
            new AdminGate(config.admin().token(), local.token()),
            new IngestRoute(ingest.sync(), tenants, config.answer().defaultCollection()),
            new BackendsRoute(membership.map(Membership::pool), corpus.catalog()),
            new CacheRoute(administration, questions, tenants, InstantSource.system()),
            new CollectionsRoute(corpus.catalog(), ingest.queue(), tenants),
            new DocumentsRoute(ingest.queue(), corpus.catalog(), tenants, InstantSource.system()),
            new JobsRoute(ingest.queue(), tenants, readiness, InstantSource.system()),
            new SyncRoute(ingest.queue(), tenants, InstantSource.system()),
            purge,
            new ReindexRoute(
                ingest.reindexes(),
                corpus.catalog(),
                tenants,
                config.answer().defaultCollection(),
                InstantSource.system()),
            questions,
            readiness,
            metrics,
            new RequestLog(config.observe(), metrics.registry()),
            ids,
            Version.current()));
  }

  /** Returns the sharing of slots, if other replicas may use the same backends. */
  private Optional<SlotSharing> sharing(BackendPool pool, Admissions admissions) {
    if (!Generators.useSharedBackends(config)) {
      return Optional.empty();
    }
    return Optional.of(
        new SlotSharing(
            pool,
            redis == null ? SlotShares.NONE : redis.slots(),
            corpus.catalog()::replicaCount,
            admissions.generations()::waiting));
  }

  private AnswerCache cache() {
    return new AnswerCache(config.cache(), Ticker.system(), redis == null ? null : redis.tier());
  }

  /** Returns the components that are temporarily out of use while the service continues. */
  private List<String> degradedComponents() {
    List<String> names = new ArrayList<>();
    if (redis != null && redis.isDegraded()) {
      names.add("redis");
    }
    if (corpus.store().isDegraded()) {
      names.add(corpus.store().name());
    }
    return List.copyOf(names);
  }

  private void addGauges(AnswerService answers, Admissions admissions, AnswerCache cache) {
    metrics.gauge(Metric.IN_FLIGHT, http::inFlight);
    metrics.gauge(Metric.CONNECTIONS_OPEN, http::openConnections);
    metrics.gauge(Metric.FLIGHTS, answers::flightCount);
    metrics.gauge(Metric.CACHED_QUESTIONS, cache::questionCount);
    Admission generations = admissions.generations();
    metrics.gauge(Metric.GENERATIONS_RUNNING, generations::running);
    metrics.gauge(Metric.GENERATIONS_WAITING, generations::waiting);
    metrics.gauge(Metric.GENERATIONS_OLDEST_WAIT, () -> generations.oldestWait().toMillis() / 1e3);
    metrics.gauge(Metric.RETRIEVALS_RUNNING, admissions.retrievals()::running);
    metrics.gauge(Metric.RETRIEVALS_WAITING, admissions.retrievals()::waiting);
    metrics.gauge(Metric.EMBED_QUEUE, corpus.embedders().configured()::waitingQueries);
    metrics.gauge(Metric.STORE_CALLS_WAITING, corpus.store()::waitingCalls);
    metrics.gauge(Metric.INDEXES_OPEN, corpus.store()::openIndexes);
    metrics.gauge(Metric.DOCUMENTS, this::documentCount);
    metrics.gauge(Metric.JOBS_RUNNING, ingest.runner()::runningJobs);
    metrics.gauge(Metric.JOBS_OPEN, ingest.runner()::openJobs);
    metrics.gauge(
        Metric.WATCH_FAILURES,
        () -> {
          FolderWatch following = watch;
          return following == null ? 0 : following.failures();
        });
    metrics.gauge(
        Metric.EPOCH, () -> corpus.catalog().states().stream().mapToLong(s -> s.epoch()).sum());
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

  /** Makes the first calls of every kind before clients do, then accepts requests. */
  public void becomeReady(CollectionRef collection) {
    if (!isCompatible() || !tryOpen(() -> awaitStore(collection))) {
      return; // another replica may have created it since the start
    }
    ingest.start();
    FolderWatch following = watch;
    if (following != null && config.ingest().watch()) {
      following.start();
    }
    readiness.set(Readiness.State.READY);
  }

  /**
   * Waits for the shared store. A replica that starts while the store is unavailable starts to work
   * when it recovers.
   */
  private void awaitStore(CollectionRef collection) {
    while (readiness.state() != Readiness.State.STOPPING) {
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

  /** Marks the server as reading documents. Documents of an earlier run answer in the meantime. */
  public void ingesting() {
    if (documentCount() > 0) {
      readiness.set(Readiness.State.INGESTING);
    }
  }

  /**
   * Applies the part of a new configuration that can change at runtime: the backends.
   *
   * @throws dev.throng.core.ThrongException when one of them cannot be used at all; then all stay
   */
  public void reload(ThrongConfig fresh) {
    if (!fresh.withBackendsOf(config).equals(config)) {
      log.warn("only the backends were reloaded; other settings have changed that need a restart");
    }
    membership.ifPresentOrElse(
        members -> {
          members.configure(Generators.backends(fresh));
          log.info("backends were reloaded: {}", members.pool().view().size());
        },
        () -> log.warn("the configuration has backends, but this server was started without any"));
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
   * folder.
   */
  public SyncReport mirror(CollectionRef collection, Path folder, Consumer<SyncProgress> progress)
      throws InterruptedException {
    FolderWatch following =
        new FolderWatch(
            ingest.sync(),
            corpus.catalog().leases(),
            collection,
            folder,
            config.ingest(),
            config.data().dir().resolve("followed"),
            InstantSource.system());
    watch = following;
    ingest.reindexer().follow(collection, folder);
    ingest.queue().follow(collection);
    return following.first(progress);
  }

  public Generator generator() {
    return generator;
  }

  /**
   * Shuts down in order: refuses new requests, lets those in flight finish, and then closes what
   * they used.
   */
  @Override
  public void close() {
    http.close();
    FolderWatch following = watch;
    if (following != null) {
      following.close();
    }
    ingest.close();
    local.close();
    agreement.close();
    sharing.ifPresent(SlotSharing::close);
    membership.ifPresent(Membership::close);
    generator.close();
    if (redis != null) {
      redis.close();
    }
    corpus.close();
    metrics.close();
  }
}
