package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.backend.Prompt;
import dev.throng.config.BackendConfig;
import dev.throng.config.OllamaConfig;
import dev.throng.config.PoolConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.core.Ticker;
import dev.throng.core.TokenRates;
import dev.throng.observe.BackendMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several backends with one model, used as one generator. {@link PoolState} decides under the lock
 * of this class, {@link Relay}s carry answers, {@link Attempt}s make the calls, one thread probes
 * the backends that are due, and {@link Membership} determines which backends there are.
 */
public final class BackendPool implements Generator {
  private static final Logger log = LoggerFactory.getLogger(BackendPool.class);

  /**
   * How often the pool checks for changes caused by time: cooldowns that end, slots that return.
   */
  private static final Duration TICK = Duration.ofMillis(50);

  /** How often models are checked, because an operator may pull another one. */
  private static final Duration MODEL_CHECK = Duration.ofSeconds(30);

  private static final Need ANY = new Need(0, 0, Set.of(), Set.of());

  private final OllamaConfig config;
  private final PoolConfig pool;
  private final Map<Integer, Backend> backends = new ConcurrentHashMap<>();
  private final BackendMetrics metrics;
  private final PoolState state;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, Boolean> canContinue = new HashMap<>();
  private final Set<String> drained = new HashSet<>();

  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private final PoolModel model;
  private final Thread prober;
  private volatile Runnable slotsListener = () -> {};
  private boolean isShared;
  private volatile boolean isClosed;
  private long modelsCheckedNanos = System.nanoTime();
  private int reportedSlots;

  /**
   * Starts to warm up the backends. None is used before it has generated a token.
   *
   * @param backends as for {@link #replace}
   */
  public BackendPool(
      PoolConfig pool,
      OllamaConfig config,
      List<Backend> backends,
      BackendMetrics metrics,
      RandomGenerator random) {
    this.config = config;
    this.pool = pool;
    this.metrics = metrics;
    this.model = new PoolModel(config);
    this.state = new PoolState(pool, List.of(), random);
    replace(backends);
    this.prober = Thread.ofVirtual().name("pool-probes").start(this::probeDueBackends);
  }

  /**
   * Changes the set of backends. New ones are warmed up before they are used. Removed ones get no
   * new calls, and are closed when their running answers have ended.
   *
   * @param wanted the complete new set, including known backends; the pool closes them
   */
  public void replace(Collection<Backend> wanted) {
    change(() -> {
      backends.entrySet().stream()
          .filter(known -> !wanted.contains(known.getValue()))
          .forEach(known -> leave(known.getKey(), known.getValue()));
      wanted.stream().filter(backend -> !backends.containsValue(backend)).forEach(this::join);
      model.setMembers(wanted);
    });
  }

  private void join(Backend backend) {
    BackendConfig settings = backend.config();
    int id = state.add(new PoolState.Spec(backend.name(), settings.weight(), settings.slots()));
    if (isShared) {
      state.share(id, 0, now(), 0);
    }
    backends.put(id, backend);
    state.drain(id, drained.contains(backend.name()));
    metrics.watch(backend.name(), this::up);
  }

  private void leave(int id, Backend backend) {
    if (state.remove(id)) {
      log.info("{} is no longer used", backend.name());
      metrics.unwatch(backend.name());
    }
    closeIfGone(id);
  }

  @Override
  public GeneratorIdentity identity() {
    return model.identity(backends);
  }

  @Override
  public int slots() {
    return locked(this::slotsNow);
  }

  @Override
  public void onSlotsChange(Runnable listener) {
    slotsListener = listener;
  }

  @Override
  public TokenRates tokenRates() {
    return model.rates();
  }

  @Override
  public int maxPromptTokens(int maxTokens) {
    return config.numCtx() - maxTokens;
  }

  @Override
  public int maxTokens() {
    return config.numPredict();
  }

  @Override
  public Completion generate(Prompt prompt, AnswerLimits limits, Deadline deadline, TextSink sink) {
    return continueFrom(prompt, "", limits, deadline, sink);
  }

  @Override
  public Completion continueFrom(
      Prompt prompt, String partialText, AnswerLimits limits, Deadline deadline, TextSink sink) {
    try {
      Completion completion = new Relay(this, prompt, partialText, limits, deadline, sink).run();
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
    change(() -> {
      boolean isNew = isDrained ? drained.add(name) : drained.remove(name);
      backends.entrySet().stream()
          .filter(known -> known.getValue().name().equals(name) && state.contains(known.getKey()))
          .forEach(known -> state.drain(known.getKey(), isDrained));
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
    change(() -> {
      isShared = true;
      backends.keySet().forEach(id -> state.share(id, 0, now(), 0));
    });
  }

  /** Returns the state of each backend. */
  public List<PoolState.View> view() {
    return locked(state::view);
  }

  @Override
  public void close() {
    isClosed = true;
    prober.interrupt();
    running.forEach(Attempt::stop);
    backends.values().forEach(Backend::close);
  }

  // ---- for relays and attempts ----------------------------------------------------------------

  Backend backend(Slot slot) {
    return Objects.requireNonNull(backends.get(slot.backend())); // present while it has a slot
  }

  void start(Attempt attempt) {
    running.add(attempt);
    attempt.start();
  }

  /**
   * Waits for a slot.
   *
   * @param recovery maximum wait for a backend to recover when none can serve soon
   * @param isShown whether text was delivered; a longer wait is worthwhile then
   * @param lastFailure the last failure of this answer, thrown when there is nothing left to wait
   *     for
   * @throws ThrongException DEADLINE_EXCEEDED, or BACKEND_UNREACHABLE when every backend is down
   */
  Slot awaitSlot(
      Need need,
      Deadline deadline,
      Deadline recovery,
      boolean isShown,
      @Nullable ThrongException lastFailure)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Slot slot = state.take(need, now());
        if (slot != null) {
          return slot;
        }
        boolean isWaitingOn =
            (isShown && state.hasCapableBackend(need)) || state.canServeSoon(need);
        if (!isWaitingOn && (recovery.hasPassed() || !state.hasCapableBackend(need))) {
          throw lastFailure != null ? lastFailure : allDown();
        }
        deadline.check("a backend had a free slot");
        changed.awaitNanos((isWaitingOn ? deadline : recovery).remainingNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the deadline until which an answer that starts now waits for a backend to recover. */
  Deadline recovery(Deadline deadline) {
    return deadline.within(pool.recoveryWait());
  }

  @Nullable Slot takeIdle(Need need) {
    lock.lock();
    try {
      return state.takeIdle(need, now());
    } finally {
      lock.unlock();
    }
  }

  Optional<Duration> hedgeAfter() {
    return locked(state::hedgeAfter);
  }

  void firstToken(Slot slot) {
    lock.lock();
    try {
      state.firstToken(slot, now());
    } finally {
      lock.unlock();
    }
  }

  void release(Slot slot, CallEnd end) {
    change(() -> {
      state.ended(slot, end, now());
      closeIfGone(slot.backend());
    });
    if (slot.isProbe()) {
      return;
    }
    metrics.called(
        slot.name(),
        switch (end) {
          case CallEnd.Done _ -> "ok";
          case CallEnd.Failed failed -> failed.code().code();
          case CallEnd.Cancelled _ -> "cancelled";
        });
  }

  /** Records that a backend returned no text for a prompt that another one answered. */
  void blame(int backend) {
    change(() -> state.blame(backend, now()));
  }

  void finished(Attempt attempt) {
    running.remove(attempt);
  }

  void hedged(boolean isWon) {
    metrics.hedged(isWon);
  }

  /**
   * Returns whether a backend's text must be complete before it is delivered, because no other
   * backend could continue it.
   */
  boolean isHeldBack(int backend) {
    return pool.holdBack()
        && locked(() -> state.view().size() > 1 && !canContinue.getOrDefault(backend, true));
  }

  /** Returns the backends that cannot continue text of another one. */
  Set<Integer> withoutContinuation() {
    return locked(() ->
        canContinue.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet()));
  }

  // ---- probes ---------------------------------------------------------------------------------

  private void probeDueBackends() {
    while (!isClosed) {
      List<Slot> due = locked(() -> state.dueProbes(now()));
      for (Slot slot : due) {
        Thread.ofVirtual().name("probe-" + backend(slot).name()).start(() -> probe(slot));
      }
      change(() -> {}); // slots may have returned with time
      if (now() - modelsCheckedNanos > MODEL_CHECK.toNanos()) {
        modelsCheckedNanos = now();
        checkModels();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  /** Checks the models without a generation. A backend with another model is probed again. */
  private void checkModels() {
    backends.forEach((id, backend) -> {
      if (PoolModel.hasDigest(backend)) {
        Thread.ofVirtual().name("model-" + backend.name()).start(() -> checkModel(id, backend));
      }
    });
  }

  private void checkModel(int id, Backend backend) {
    try {
      if (model.check(id, backend, asked(id, backend::modelDigest))) {
        change(() -> state.suspect(id, now())); // a probe measures the new model
      }
    } catch (ThrongException e) {
      if (e.code() == ErrorCode.MODEL_MISSING) { // calls and probes find other failures
        log.warn("{} is not used: {}", backend.name(), e.getMessage());
        change(() -> state.suspect(id, now()));
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
    Backend backend = backend(slot);
    CallEnd end;
    try {
      Deadline deadline = Deadline.after(Ticker.system(), config.firstTokenTimeout());
      Backend.Probed probed = asked(slot.backend(), () -> backend.probe(deadline));
      var _ = model.check(slot.backend(), backend, probed.modelDigest()); // this is already a probe
      model.measure(backend);
      // Counted once, before the backend is used: later, four calls in the single slot of a probe
      // would be too many.
      boolean isCounted = locked(() -> state.isCounted(slot.backend()));
      Integer slots = isCounted ? null : SlotCount.of(backend, deadline);
      locked(() -> {
        canContinue.put(slot.backend(), probed.canContinue());
        if (slots != null) {
          state.slots(slot.backend(), slots);
        }
        return true;
      });
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
      release(slot, end);
    }
  }

  // ---- the lock -------------------------------------------------------------------------------

  /** Must be called only within {@link #change} or {@link #locked}. */
  PoolState state() {
    return state;
  }

  /** Closes a backend that has left, after its last call. */
  private void closeIfGone(int id) {
    if (!state.contains(id)) {
      Backend gone = backends.remove(id);
      canContinue.remove(id);
      model.forget(id);
      if (gone != null) {
        gone.close();
      }
    }
  }

  /**
   * Returns the slots. Until the first backend has warmed up, it returns what the backends will
   * have, so that early requests wait for that.
   */
  private int slotsNow() {
    int slots = state.capacity(now());
    return slots == 0 && state.canServeSoon(ANY) ? state.totalSlots() : slots;
  }

  private boolean up(String backend) {
    return view().stream().anyMatch(view -> view.name().equals(backend) && view.isAlive());
  }

  private ThrongException allDown() {
    List<String> names = state.view().stream().map(PoolState.View::name).toList();
    return new ThrongException(
        ErrorCode.BACKEND_UNREACHABLE, "all backends are down: " + String.join(", ", names));
  }

  /** Changes the state, wakes waiting threads, and notifies the listener of changed slots. */
  void change(Runnable change) {
    boolean isMoved;
    lock.lock();
    try {
      change.run();
      changed.signalAll();
      int slots = slotsNow();
      isMoved = slots != reportedSlots;
      reportedSlots = slots;
    } finally {
      lock.unlock();
    }
    if (isMoved) {
      slotsListener.run();
    }
  }

  <T> T locked(Supplier<T> read) {
    lock.lock();
    try {
      return read.get();
    } finally {
      lock.unlock();
    }
  }

  private static long now() {
    return System.nanoTime();
  }
}
