package dev.throng.app;

import dev.throng.admission.Admission;
import dev.throng.admission.Admissions;
import dev.throng.backend.Generator;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.backend.pool.SlotSharing;
import dev.throng.config.AdmissionConfig;
import dev.throng.config.ThrongConfig;
import dev.throng.http.Route;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.observe.BackendMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import dev.throng.retrieval.Retriever;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generator of answers, the backends behind it if there are any, and who may use them when. */
final class Backends implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Backends.class);

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final Corpus corpus;
  private final Generator generator;
  private final @Nullable Membership membership;
  private final Admissions admissions;
  private final @Nullable SlotSharing slots;

  Backends(ThrongConfig config, Corpus corpus, Sharing sharing, MetricsRegistry metrics) {
    this.corpus = corpus;
    Generators.Chosen chosen =
        Generators.choose(
            config,
            corpus.embedders().configured(),
            new BackendMetrics(metrics.registry(), config.observe()));
    this.generator = chosen.generator();
    this.membership = chosen.membership();
    BackendPool pool = pool();
    if (pool != null) {
      corpus.catalog().drainedBackends().urls().forEach(url -> pool.drain(url, true));
    }
    this.admissions =
        Admissions.of(
            config.admission(),
            config.pool().recoveryWait(),
            generator::slots,
            retrievalSlots(config.admission()),
            CORES,
            metrics.registry());
    generator.onSlotsChange(admissions.generations()::capacityChanged);
    this.slots = // other replicas may use the same backends
        pool != null && Generators.useSharedBackends(config) ? sharedSlots(pool, sharing) : null;
    addGauges(metrics);
  }

  private IntSupplier retrievalSlots(AdmissionConfig config) {
    boolean isStoreElsewhere = corpus.store().capabilities().shared();
    Retriever retriever = corpus.retriever();
    return () ->
        Admissions.retrievalSlots(config, CORES, isStoreElsewhere, retriever.areSearchesShort());
  }

  private SlotSharing sharedSlots(BackendPool pool, Sharing sharing) {
    return new SlotSharing(
        pool, sharing.slots(), corpus.catalog()::replicaCount, admissions.generations()::waiting);
  }

  private void addGauges(MetricsRegistry metrics) {
    Admission generations = admissions.generations();
    metrics.gauge(Metric.GENERATIONS_RUNNING, generations::running);
    metrics.gauge(Metric.GENERATIONS_WAITING, generations::waiting);
    metrics.seconds(Metric.GENERATIONS_OLDEST_WAIT, generations::oldestWait);
    Admission retrievals = admissions.retrievals();
    metrics.gauge(Metric.RETRIEVALS_RUNNING, retrievals::running);
    metrics.gauge(Metric.RETRIEVALS_WAITING, retrievals::waiting);
    metrics.seconds(Metric.RETRIEVALS_OLDEST_WAIT, retrievals::oldestWait);
  }

  private @Nullable BackendPool pool() {
    return membership == null ? null : membership.pool();
  }

  Generator generator() {
    return generator;
  }

  Admissions admissions() {
    return admissions;
  }

  List<Route> routes() {
    return new BackendsRoute(pool(), corpus.catalog()).routes();
  }

  /**
   * Takes over the backends of a new configuration.
   *
   * @throws dev.throng.core.ThrongException when one of them cannot be used at all; then all stay
   */
  void reload(ThrongConfig fresh) {
    if (membership == null) {
      log.warn("the configuration has backends, but this server was started without any");
      return;
    }
    membership.configure(Generators.backends(fresh));
    log.info("backends were reloaded: {}", membership.pool().view().size());
  }

  @Override
  public void close() {
    if (slots != null) {
      slots.close();
    }
    if (membership != null) {
      membership.close();
    }
    generator.close();
  }
}
