package dev.throng.app;

import dev.throng.admission.Admission;
import dev.throng.admission.Admissions;
import dev.throng.backend.Generator;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.Membership;
import dev.throng.backend.pool.SlotSharing;
import dev.throng.config.ThrongConfig;
import dev.throng.http.Route;
import dev.throng.http.admin.BackendsRoute;
import dev.throng.observe.BackendMetrics;
import dev.throng.observe.Metric;
import dev.throng.observe.MetricsRegistry;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The generator of answers, the backends behind it if there are any, and who may use them when. */
final class Backends implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Backends.class);

  private final Corpus corpus;
  private final Generator generator;
  private final Optional<Membership> membership;
  private final Admissions admissions;
  private final Optional<SlotSharing> slots;

  Backends(ThrongConfig config, Corpus corpus, Sharing sharing, MetricsRegistry metrics) {
    this.corpus = corpus;
    Generators.Chosen chosen =
        Generators.choose(
            config, corpus.embedders().configured(), new BackendMetrics(metrics.registry()));
    this.generator = chosen.generator();
    this.membership = chosen.membership();
    pool()
        .ifPresent(pool ->
            corpus.catalog().drainedBackends().urls().forEach(url -> pool.drain(url, true)));
    this.admissions =
        Admissions.of(
            config.admission(),
            config.pool().recoveryWait(),
            generator::slots,
            Runtime.getRuntime().availableProcessors(),
            corpus.store().capabilities().shared(),
            metrics.registry());
    generator.onSlotsChange(admissions.generations()::capacityChanged);
    this.slots = // other replicas may use the same backends
        Generators.useSharedBackends(config)
            ? pool().map(pool -> sharedSlots(pool, sharing))
            : Optional.empty();
    addGauges(metrics);
  }

  private SlotSharing sharedSlots(BackendPool pool, Sharing sharing) {
    return new SlotSharing(
        pool, sharing.slots(), corpus.catalog()::replicaCount, admissions.generations()::waiting);
  }

  private void addGauges(MetricsRegistry metrics) {
    Admission generations = admissions.generations();
    metrics.gauge(Metric.GENERATIONS_RUNNING, generations::running);
    metrics.gauge(Metric.GENERATIONS_WAITING, generations::waiting);
    metrics.gauge(Metric.GENERATIONS_OLDEST_WAIT, () -> generations.oldestWait().toMillis() / 1e3);
    metrics.gauge(Metric.RETRIEVALS_RUNNING, admissions.retrievals()::running);
    metrics.gauge(Metric.RETRIEVALS_WAITING, admissions.retrievals()::waiting);
  }

  private Optional<BackendPool> pool() {
    return membership.map(Membership::pool);
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
    membership.ifPresentOrElse(
        members -> {
          members.configure(Generators.backends(fresh));
          log.info("backends were reloaded: {}", members.pool().view().size());
        },
        () -> log.warn("the configuration has backends, but this server was started without any"));
  }

  @Override
  public void close() {
    slots.ifPresent(SlotSharing::close);
    membership.ifPresent(Membership::close);
    generator.close();
  }
}
