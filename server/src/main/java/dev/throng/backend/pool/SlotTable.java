package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.config.PoolConfig;
import dev.throng.core.Deadline;
import dev.throng.core.ErrorCode;
import dev.throng.core.Listeners;
import dev.throng.core.ThrongException;
import dev.throng.core.TokenCount;
import dev.throng.observe.BackendMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The slots of all backends of a pool. {@link PoolState} decides under the lock of this class, and
 * callers wait here for its decisions. Safe for many threads.
 */
final class SlotTable {
  private static final Need ANY = new Need(0, 0, Set.of(), Set.of());

  /** A call that runs in a slot. */
  interface Call {
    /** Stops it immediately, because the whole pool is closing. */
    void stop();
  }

  private final PoolConfig config;
  private final PoolModel model;
  private final BackendMetrics metrics;
  private final PoolState state;
  private final Map<Integer, Backend> backends = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, Boolean> canContinue = new HashMap<>();
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private final Listeners<Runnable> slotsChanges = new Listeners<>();
  private int reportedSlots;

  SlotTable(PoolConfig config, PoolModel model, BackendMetrics metrics, RandomGenerator random) {
    this.config = config;
    this.model = model;
    this.metrics = metrics;
    this.state = new PoolState(config, List.of(), random);
  }

  /** All backends by their ids, those included that leave when their last call has ended. */
  Map<Integer, Backend> backends() {
    return backends;
  }

  Backend backend(Slot slot) {
    return Objects.requireNonNull(backends.get(slot.backend())); // present while it has a slot
  }

  /** Adds a listener for changes of the number of slots. */
  void onSlotsChange(Runnable listener) {
    slotsChanges.add(listener);
  }

  /** The slots that generations may hold now. */
  int slots() {
    return locked(this::slotsNow);
  }

  void started(Call call) {
    running.add(call);
  }

  void finished(Call call) {
    running.remove(call);
  }

  /** Ends every call and closes every backend. */
  void close() {
    running.forEach(Call::stop);
    backends.values().forEach(Backend::close);
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
    return deadline.within(config.recoveryWait());
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
    if (!slot.isProbe()) {
      metrics.called(slot.name(), result(end));
    }
    change(() -> {
      state.ended(slot, end, now());
      closeIfGone(slot.backend());
    });
  }

  private static String result(CallEnd end) {
    return switch (end) {
      case CallEnd.Done _ -> "ok";
      case CallEnd.Failed failed -> failed.code().code();
      case CallEnd.Cancelled _ -> "cancelled";
    };
  }

  /** Counts the tokens of a call that has ended. */
  void used(TokenCount tokens) {
    metrics.used(tokens);
  }

  /** Records that a backend returned no text for a prompt that another one answered. */
  void recordMissingText(int backend) {
    change(() -> state.recordMissingText(backend, now()));
  }

  void hedged(boolean isWon) {
    metrics.hedged(isWon);
  }

  /**
   * Returns whether a backend's text must be complete before it is delivered, because no other
   * backend could continue it.
   */
  boolean isHeldBack(int backend) {
    return config.holdBack()
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

  /** What a probe found out about a backend; {@code slots} is null when they were known. */
  void probed(int backend, boolean mayContinue, @Nullable Integer slots) {
    locked(() -> {
      canContinue.put(backend, mayContinue);
      if (slots != null) {
        state.slots(backend, slots);
      }
      return true;
    });
  }

  /** Must be called only within {@link #change} or {@link #locked}. */
  PoolState state() {
    return state;
  }

  /** Closes a backend that has left, after its last call. */
  void closeIfGone(int id) {
    if (!state.contains(id)) {
      Backend gone = backends.remove(id);
      canContinue.remove(id);
      model.forget(id);
      if (gone != null) {
        gone.close();
        if (backends.values().stream().noneMatch(other -> other.name().equals(gone.name()))) {
          metrics.forget(gone.name());
        }
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

  private ThrongException allDown() {
    List<String> names = state.view().stream().map(PoolState.View::name).toList();
    return new ThrongException(
        ErrorCode.BACKEND_UNREACHABLE, "all backends are down: " + String.join(", ", names));
  }

  /**
   * Changes the state, wakes threads that wait for a slot, and notifies the listeners when the
   * number of slots has changed.
   */
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
      slotsChanges.tell(Runnable::run);
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

  static long now() {
    return System.nanoTime();
  }
}
