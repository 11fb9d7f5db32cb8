package dev.throng.backend.pool;

import dev.throng.backend.Backend;
import dev.throng.backend.Generator;
import dev.throng.backend.GeneratorIdentity;
import dev.throng.backend.Prompt;
import dev.throng.backend.ollama.OllamaBackend;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
 * of this class; {@link Relay}s carry answers, {@link Attempt}s make the calls, and one thread
 * probes the backends that are due.
 */
public final class BackendPool implements Generator {
  private static final Logger log = LoggerFactory.getLogger(BackendPool.class);

  /** How often it is looked at what time alone changes: rests that end, slots that come back. */
  private static final Duration TICK = Duration.ofMillis(50);

  private static final Need ANY = new Need(0, 0, Set.of(), Set.of());

  private final OllamaConfig config;
  private final Duration recoveryWait;
  private final List<Backend> backends;
  private final BackendMetrics metrics;
  private final PoolState state;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Integer, Boolean> canContinue = new HashMap<>();
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable GeneratorIdentity> identity = new AtomicReference<>();
  private final AtomicReference<@Nullable TokenRates> tokenRates = new AtomicReference<>();
  private final Thread prober;
  private volatile Runnable slotsListener = () -> {};
  private volatile boolean isClosed;
  private int reportedSlots;

  /**
   * Starts to warm the backends up; none is used before it has made a token.
   *
   * @param backends closed with the pool
   */
  public BackendPool(
      PoolConfig pool,
      OllamaConfig config,
      List<Backend> backends,
      BackendMetrics metrics,
      RandomGenerator random) {
    this.config = config;
    this.recoveryWait = pool.recoveryWait();
    this.backends = List.copyOf(backends);
    this.metrics = metrics;
    int slots = config.slots() == 0 ? 1 : config.slots();
    this.state =
        new PoolState(
            pool,
            backends.stream().map(b -> new PoolState.Spec(b.name(), 1, slots)).toList(),
            random);
    metrics.watch(this::up, backends.stream().map(Backend::name).toList());
    this.prober = Thread.ofVirtual().name("pool-probes").start(this::probeWhatIsDue);
  }

  @Override
  public GeneratorIdentity identity() {
    GeneratorIdentity known = identity.get();
    if (known != null) {
      return known;
    }
    for (Backend backend : backends) {
      try {
        return identified(backend.modelDigest());
      } catch (ThrongException e) {
        log.debug("{} does not tell its model: {}", backend.name(), e.getMessage());
      }
    }
    return identityOf("");
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
    TokenRates known = tokenRates.get();
    return known == null ? TokenRates.GUESS : known;
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
    try {
      Completion completion = new Relay(this, prompt, limits, deadline, sink).run();
      metrics.continued(completion.seams().size());
      return completion;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThrongException(ErrorCode.SHUTTING_DOWN, "interrupted while generating", e);
    }
  }

  /**
   * Takes a backend out of use or back; answers that it makes go on.
   *
   * @return whether there is one of that name
   */
  public boolean drain(String backend, boolean isDrained) {
    List<String> names = backends.stream().map(Backend::name).toList();
    int index = names.indexOf(backend);
    if (index >= 0) {
      change(() -> state.drain(index, isDrained));
      log.info("{} is {}", backend, isDrained ? "drained" : "used again");
    }
    return index >= 0;
  }

  /** What is known of each backend. */
  public List<PoolState.View> view() {
    return locked(state::view);
  }

  @Override
  public void close() {
    isClosed = true;
    prober.interrupt();
    running.forEach(Attempt::stop);
    backends.forEach(Backend::close);
  }

  // ---- for relays and attempts ----------------------------------------------------------------

  Backend backend(Slot slot) {
    return backends.get(slot.backend());
  }

  void start(Attempt attempt) {
    running.add(attempt);
    attempt.start();
  }

  /**
   * Waits for a slot.
   *
   * @param isBegun whether text was delivered: then it is worth to wait for a backend to recover
   * @param lastFailure of this answer, thrown when nothing is left to wait for
   * @throws ThrongException DEADLINE_EXCEEDED, or BACKEND_UNREACHABLE when every backend is down
   */
  Slot awaitSlot(
      Need need, Deadline deadline, boolean isBegun, @Nullable ThrongException lastFailure)
      throws InterruptedException {
    Deadline recovery = deadline.within(recoveryWait);
    lock.lockInterruptibly();
    try {
      while (true) {
        Slot slot = state.take(need, now());
        if (slot != null) {
          return slot;
        }
        boolean isRestorable = isBegun && need.barred().size() < backends.size();
        boolean isWaitingOn = isRestorable || state.hasHope(need);
        if (!isWaitingOn && (recovery.hasPassed() || need.barred().size() == backends.size())) {
          throw lastFailure != null ? lastFailure : allDown();
        }
        deadline.check("a backend had a free slot");
        changed.awaitNanos((isWaitingOn ? deadline : recovery).remainingNanos());
      }
    } finally {
      lock.unlock();
    }
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

  void give(Slot slot, CallEnd end) {
    change(() -> state.ended(slot, end, now()));
    if (slot.isProbe()) {
      return;
    }
    metrics.called(
        backend(slot).name(),
        switch (end) {
          case CallEnd.Done _ -> "ok";
          case CallEnd.Failed failed -> failed.code().code();
          case CallEnd.Cancelled _ -> "cancelled";
        });
  }

  void over(Attempt attempt) {
    running.remove(attempt);
  }

  void hedged(boolean isWon) {
    metrics.hedged(isWon);
  }

  /** Whether its text must be whole before it is delivered, because nobody could go on with it. */
  boolean isHeldBack(int backend) {
    return locked(() -> backends.size() > 1 && !canContinue.getOrDefault(backend, true));
  }

  /** Backends that cannot go on with what another one began. */
  Set<Integer> withoutContinuation() {
    return locked(() ->
        canContinue.entrySet().stream()
            .filter(entry -> !entry.getValue())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet()));
  }

  // ---- probes ---------------------------------------------------------------------------------

  private void probeWhatIsDue() {
    while (!isClosed) {
      List<Slot> due = locked(() -> state.dueProbes(now()));
      for (Slot slot : due) {
        Thread.ofVirtual().name("probe-" + backend(slot).name()).start(() -> probe(slot));
      }
      change(() -> {}); // time alone may have brought slots
      try {
        TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  private void probe(Slot slot) {
    Backend backend = backend(slot);
    CallEnd end;
    try {
      Deadline deadline = Deadline.after(Ticker.system(), config.firstTokenTimeout());
      Backend.Probed probed = backend.probe(deadline);
      checkSameModel(backend, probed.modelDigest());
      if (tokenRates.get() == null) {
        tokenRates.compareAndSet(null, backend.measureTokens()); // all have the same model
      }
      // Once, before it is used: later on, four calls in the one slot of a probe would be too many.
      boolean isMeasured =
          config.slots() > 0 || locked(() -> canContinue.containsKey(slot.backend()));
      Integer slots = isMeasured ? null : backend.measureSlots(deadline);
      locked(() -> {
        canContinue.put(slot.backend(), probed.canContinue());
        if (slots != null) {
          state.slots(slot.backend(), slots);
        }
        return true;
      });
      log.info("{} answers{}", backend.name(), slots == null ? "" : ", " + slots + " at once");
      end = new CallEnd.Done(1);
    } catch (ThrongException e) {
      if (!isClosed) {
        log.warn("{} is not used: {}", backend.name(), e.getMessage());
      }
      end = new CallEnd.Failed(e.code());
    } catch (RuntimeException e) {
      log.error("{} could not be probed", backend.name(), e);
      end = new CallEnd.Failed(ErrorCode.BACKEND_PROTOCOL);
    }
    if (!isClosed) {
      give(slot, end);
    }
  }

  /** An answer must be of the model that its fingerprint names, whichever backend makes it. */
  private void checkSameModel(Backend backend, String digest) {
    String expected = identified(digest).digest();
    if (!expected.equals(digest)) {
      throw new ThrongException(
          ErrorCode.MODEL_MISSING,
          "%s has another %s (%.12s) than the other backends (%.12s): run `ollama pull %s` on all of them"
              .formatted(backend.name(), config.model(), digest, expected, config.model()));
    }
  }

  private GeneratorIdentity identified(String digest) {
    GeneratorIdentity found = identityOf(digest);
    return identity.compareAndSet(null, found) ? found : identity();
  }

  private GeneratorIdentity identityOf(String digest) {
    return new GeneratorIdentity("ollama", config.model(), digest, OllamaBackend.options(config));
  }

  // ---- the lock -------------------------------------------------------------------------------

  /** Until the first backend has warmed up, what they will have: who comes early waits for that. */
  private int slotsNow() {
    int slots = state.capacity(now());
    return slots == 0 && state.hasHope(ANY) ? state.totalSlots() : slots;
  }

  private boolean up(String backend) {
    return view().stream().anyMatch(view -> view.name().equals(backend) && view.isAlive());
  }

  private ThrongException allDown() {
    String names = String.join(", ", backends.stream().map(Backend::name).toList());
    return new ThrongException(
        ErrorCode.BACKEND_UNREACHABLE, "none of the backends is up: " + names);
  }

  /**
   * Changes the state, wakes who waits for a slot, and tells the listener when slots came or went.
   */
  private void change(Runnable change) {
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

  private <T> T locked(Supplier<T> read) {
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
