package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator;
import dev.throng.backend.Prompt;
import dev.throng.config.BackendConfig;
import dev.throng.config.ModelConfig;
import dev.throng.config.PoolConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.GeneratorIdentity;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenRates;
import dev.throng.observe.BackendMetrics;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several backends with one model, used as one generator. {@link SlotTable} holds their slots,
 * {@link Relay}s carry answers, {@link Attempt}s make the calls, {@link Prober} probes the backends
 * that are due, and {@link Membership} determines which backends there are.
 */
public final class BackendPool implements Generator {
  private static final Logger log = LoggerFactory.getLogger(BackendPool.class);

  private final ModelConfig config;
  private final PoolModel model;
  private final SlotTable table;
  private final BackendMetrics metrics;
  private final Prober prober;
  private final Set<String> drained = new HashSet<>();
  private boolean isShared;

  /**
   * Starts to warm up the backends. None is used before it has generated a token.
   *
   * @param backends as for {@link #replace}
   */
  public BackendPool(
      PoolConfig pool,
      ModelConfig config,
      List<Backend> backends,
      BackendMetrics metrics,
      RandomGenerator random) {
    this.config = config;
    this.metrics = metrics;
    this.model = new PoolModel(config);
    this.table = new SlotTable(pool, model, metrics, random);
    replace(backends);
    this.prober = new Prober(table, model, config);
  }

  /**
   * Changes the set of backends. New ones are warmed up before they are used. Removed ones get no
   * new calls, and are closed when their running answers have ended.
   *
   * @param wanted the complete new set, including known backends; the pool closes them
   */
  public void replace(Collection<Backend> wanted) {
    table.change(() -> {
      table.backends().entrySet().stream()
          .filter(known -> !wanted.contains(known.getValue()))
          .forEach(known -> leave(known.getKey(), known.getValue()));
      wanted.stream()
          .filter(backend -> !table.backends().containsValue(backend))
          .forEach(this::join);
      model.setMembers(wanted);
    });
  }

  private void join(Backend backend) {
    BackendConfig settings = backend.config();
    int id =
        table.state().add(new PoolState.Spec(backend.name(), settings.weight(), settings.slots()));
    if (isShared) {
      table.state().share(id, 0, SlotTable.now(), 0);
    }
    table.backends().put(id, backend);
    table.state().drain(id, drained.contains(backend.name()));
    metrics.watch(backend.name(), this::up);
  }

  private void leave(int id, Backend backend) {
    if (table.state().remove(id)) {
      log.info("{} is no longer used", backend.name());
      metrics.unwatch(backend.name());
    }
    table.closeIfGone(id);
  }

  @Override
  public GeneratorIdentity identity() {
    return model.identity(table.backends());
  }

  @Override
  public int slots() {
    return table.slots();
  }

  @Override
  public void onSlotsChange(Runnable listener) {
    table.onSlotsChange(listener);
  }

  @Override
  public TokenRates tokenRates() {
    return model.rates();
  }

  @Override
  public int maxPromptTokens(int maxTokens) {
    return config.contextTokens() - maxTokens;
  }

  @Override
  public int maxTokens() {
    return config.maxTokens();
  }

  @Override
  public Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink) {
    return continueFrom(prompt, "", limits, deadline, sink);
  }

  @Override
  public Completion continueFrom(
      Prompt prompt, String partialText, AnswerLimits limits, Deadline deadline, TextSink sink) {
    try {
      Completion completion = new Relay(table, prompt, partialText, limits, deadline, sink).run();
      metrics.continued(completion.seams().size());
      return completion;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while generating", e);
    }
  }

  /**
   * Takes a backend out of use or back into use, including one that joins later. Running answers
   * continue.
   *
   * @param name as {@link PoolState.View#name}
   */
  public void drain(String name, boolean isDrained) {
    table.change(() -> {
      boolean isNew = isDrained ? drained.add(name) : drained.remove(name);
      table.backends().entrySet().stream()
          .filter(known ->
              known.getValue().name().equals(name) && table.state().contains(known.getKey()))
          .forEach(known -> table.state().drain(known.getKey(), isDrained));
      if (isNew) {
        log.info("{} is {}", name, isDrained ? "drained" : "back in use");
      }
    });
  }

  /**
   * Must be called when other replicas may use the same backends. Nothing is sent to a backend
   * before this replica's share is known.
   */
  public void becomeShared() {
    table.change(() -> {
      isShared = true;
      table.backends().keySet().forEach(id -> table.state().share(id, 0, SlotTable.now(), 0));
    });
  }

  /** Returns the state of each backend. */
  public List<PoolState.View> view() {
    return table.locked(() -> table.state().view());
  }

  /** What {@link SlotSharing} changes. */
  SlotTable table() {
    return table;
  }

  @Override
  public void close() {
    prober.close();
    table.close();
  }

  private boolean up(String backend) {
    return view().stream().anyMatch(view -> view.name().equals(backend) && view.isAlive());
  }
}
