package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.config.ModelConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Periodic;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Probes the backends that are due, and checks periodically which model each of them has. */
final class Prober implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prober.class);

  /**
   * How often the pool checks for changes that only time causes: cooldowns that end, slots that
   * return.
   */
  private static final Duration TICK = Duration.ofMillis(50);

  /**
   * How often backends are checked for a changed model, because an operator may pull another one.
   */
  private static final Duration MODEL_CHECK = Duration.ofSeconds(30);

  private final SlotTable table;
  private final PoolModel model;
  private final ModelConfig config;
  private final Periodic probes;
  private volatile boolean isClosed;
  private long modelsCheckedNanos = System.nanoTime();

  Prober(SlotTable table, PoolModel model, ModelConfig config) {
    this.table = table;
    this.model = model;
    this.config = config;
    this.probes = Periodic.startNow("pool-probes", TICK, this::probeDueBackends);
  }

  @Override
  public void close() {
    isClosed = true;
    probes.close();
  }

  private void probeDueBackends() {
    List<Slot> due = table.locked(() -> table.state().dueProbes(SlotTable.now()));
    for (Slot slot : due) {
      Thread.ofVirtual().name("probe-" + table.backend(slot).name()).start(() -> probe(slot));
    }
    table.change(() -> {}); // slots may have returned with time
    if (SlotTable.now() - modelsCheckedNanos > MODEL_CHECK.toNanos()) {
      modelsCheckedNanos = SlotTable.now();
      checkModels();
    }
  }

  /**
   * Checks the models, which needs no generation. A backend whose model has changed cools down and
   * is probed again.
   */
  private void checkModels() {
    table
        .backends()
        .forEach((id, backend) -> {
          if (PoolModel.hasDigest(backend)) {
            Thread.ofVirtual().name("model-" + backend.name()).start(() -> checkModel(id, backend));
          }
        });
  }

  private void checkModel(int id, Backend backend) {
    try {
      if (model.check(id, backend, asked(id, backend::modelDigest))) {
        table.change(
            () -> table.state().coolDown(id, SlotTable.now())); // a probe measures the new model
      }
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.MODEL_MISSING) { // calls and probes find other failures
        log.warn("{} is not used: {}", backend.name(), e.getMessage());
        table.change(() -> table.state().coolDown(id, SlotTable.now()));
      }
    }
  }

  /** Queries a backend, and forgets the model that it reported earlier when the query fails. */
  private <T> T asked(int id, Supplier<T> question) {
    try {
      return question.get();
    } catch (ThrongException e) {
      model.forget(id);
      throw e;
    }
  }

  private void probe(Slot slot) {
    Backend backend = table.backend(slot);
    CallEnd end;
    try {
      Deadline deadline = Deadline.after(Ticker.system(), config.firstTokenTimeout());
      Backend.Probed probed = asked(slot.backend(), () -> backend.probe(deadline));
      var _ = model.check(slot.backend(), backend, probed.modelDigest()); // this is already a probe
      model.measure(backend);
      // Counted once, before the backend is used: later, four calls in the single slot of a probe
      // would be too many.
      boolean isCounted = table.locked(() -> table.state().isCounted(slot.backend()));
      Integer slots = isCounted ? null : SlotCount.of(backend, deadline);
      table.probed(slot.backend(), probed.canContinue(), slots);
      log.info("{} answers{}", backend.name(), slots == null ? "" : ", slots: " + slots);
      end = new CallEnd.Done(1);
    } catch (ThrongException e) {
      if (!isClosed) {
        log.warn("{} is not used: {}", backend.name(), e.getMessage());
      }
      end = CallEnd.Failed.of(e);
    } catch (RuntimeException e) {
      log.error("{} could not be probed", backend.name(), e);
      end = new CallEnd.Failed(ErrorCode.BACKEND_PROTOCOL);
    }
    if (!isClosed) {
      table.release(slot, end);
    }
  }
}
