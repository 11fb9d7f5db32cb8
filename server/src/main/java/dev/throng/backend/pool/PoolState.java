package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The pool's decisions: which backend gets a call, which backends cool down, when they are probed,
 * and whether a late call is hedged. A state machine without I/O: events carry the time, and the
 * caller makes the calls. Not thread-safe: {@link BackendPool} guards it by its lock, and
 * simulations drive it on one thread.
 *
 * <p>A backend's slots are never exceeded: every call, including probes and hedges, holds a {@link
 * Slot} from {@link #take}, {@link #takeIdle} or {@link #dueProbes} until {@link #ended}.
 */
public final class PoolState {
  /**
   * The properties of a backend that the pool needs.
   *
   * @param slots 0 while unknown; then it gets one call at a time
   */
  public record Spec(String name, double weight, int slots) {}

  /** The externally visible state of a backend. */
  public record View(
      String name, String phase, int slots, int inFlight, boolean isDrained, boolean isAlive) {}

  /** Number of slow answers after which a backend is ejected for slowness. */
  private static final int SLOW_SAMPLES = 5;

  private final PoolConfig config;
  private final RandomGenerator random;
  private final List<Member> members = new ArrayList<>();
  private final Hedging hedging;
  private final Routing routing;
  private int nextId;

  public PoolState(PoolConfig config, List<Spec> backends, RandomGenerator random) {
    this.config = config;
    this.random = random;
    this.hedging = new Hedging(config.hedgeShare());
    this.routing = new Routing(config, members);
    backends.forEach(this::add);
  }

  /**
   * Adds a backend, which is probed before it is used.
   *
   * @return its id; those of the constructor's backends are 0, 1, 2, ...
   */
  public int add(Spec spec) {
    Breaker breaker = new Breaker(config, random);
    members.add(new Member(nextId, spec.name(), spec.weight(), spec.slots(), breaker));
    return nextId++;
  }

  /**
   * Removes a backend. It gets no new calls, and is forgotten once its last call has ended.
   *
   * @return whether it was not already leaving
   */
  public boolean remove(int backend) {
    Member member = member(backend);
    boolean wasPresent = !member.isLeaving;
    member.isLeaving = true;
    forgetIfIdle(member);
    return wasPresent;
  }

  private void forgetIfIdle(Member leaving) {
    if (leaving.inFlight == 0) {
      members.remove(leaving);
    }
  }

  /** Returns whether a backend is still present, even if only for its last calls. */
  public boolean contains(int backend) {
    return members.stream().anyMatch(member -> member.id() == backend);
  }

  /**
   * Returns a slot of the best backend with a free one, or null when none has. A backend that
   * failed this answer gets it again only when no other is up: waiting for a busy one is better.
   */
  public @Nullable Slot take(Need need, long nowNanos) {
    boolean isOtherUp =
        members.stream()
            .anyMatch(member -> isAllowed(member, need) && member.slotsNow(nowNanos) > 0);
    Member chosen =
        routing
            .choose(need, nowNanos, member -> !isOtherUp || isAllowed(member, need))
            .orElse(null);
    if (chosen == null) {
      return null;
    }
    hedging.callBegan();
    return occupy(chosen, need, nowNanos);
  }

  /** Returns how long a call may show no token before a second one is tried; empty for never. */
  public Optional<Duration> hedgeAfter() {
    return hedging.delay();
  }

  /**
   * Returns a slot for the second call of a hedge, or null when the pool is too busy, no other
   * backend is idle, or hedges have used up their share.
   */
  public @Nullable Slot takeIdle(Need need, long nowNanos) {
    double slots = capacity(nowNanos);
    double busy = members.stream().mapToInt(member -> member.inFlight).sum();
    if (busy >= config.hedgeMaxBusy() * slots) {
      return null;
    }
    Member chosen = routing.choose(need, nowNanos, member -> isAllowed(member, need)).orElse(null);
    return chosen == null || !hedging.spend() ? null : occupy(chosen, need, nowNanos);
  }

  /** Must be called when the call in this slot has generated its first token. */
  public void firstToken(Slot slot, long nowNanos) {
    if (slot.hasFirstToken) {
      return;
    }
    slot.hasFirstToken = true;
    slot.firstTokenNanos = nowNanos;
    slot.levelAtFirstToken = slot.member.inFlight;
    if (!slot.isProbe) {
      double prefills = (slot.prefillsWhenTaken + slot.member.prefills) / 2.0;
      slot.member.prefills--;
      long took = nowNanos - slot.takenNanos;
      slot.member
          .rates()
          .prefilled(slot.takenNanos, slot.isTrial, slot.promptTokens, took, prefills);
      hedging.firstTokenAfter(nowNanos - slot.takenNanos);
    }
  }

  /** Must be called when the call in this slot is over and the backend no longer works on it. */
  public void ended(Slot slot, CallEnd end, long nowNanos) {
    if (slot.isOver) {
      throw new IllegalStateException("the slot was released twice");
    }
    slot.isOver = true;
    Member member = slot.member;
    member.inFlight--;
    if (!slot.isProbe && !slot.hasFirstToken) {
      member.prefills--;
    }
    if (member.isLeaving) {
      forgetIfIdle(member);
      return;
    }
    switch (end) {
      case CallEnd.Done done when slot.isProbe -> recovered(member, nowNanos);
      case CallEnd.Done done -> succeeded(slot, done.tokens(), nowNanos);
      case CallEnd.Failed failed -> member.breaker().failed(failed, slot.isProbe, nowNanos);
      case CallEnd.Cancelled _ when slot.isProbe -> member.breaker().coolDown(nowNanos);
      case CallEnd.Cancelled _ -> {}
    }
  }

  /** Returns slots for the backends to be probed now. */
  public List<Slot> dueProbes(long nowNanos) {
    List<Slot> due = new ArrayList<>();
    for (Member member : members) {
      if (member.breaker().isProbeDue(nowNanos)
          && !member.isLeaving
          && member.inFlight < member.mostSlots(nowNanos)) {
        member.breaker().probeStarted();
        member.inFlight++;
        due.add(new Slot(member, true, 0, nowNanos));
      }
    }
    return due;
  }

  /** Returns the slots that generations may hold now. */
  public int capacity(long nowNanos) {
    return members.stream().mapToInt(member -> member.slotsNow(nowNanos)).sum();
  }

  /** Returns the slots when all backends are healthy. */
  public int totalSlots() {
    return members.stream()
        .filter(member -> !member.isDrained && !member.isLeaving)
        .mapToInt(member -> member.slots)
        .sum();
  }

  /** Returns whether waiting can help without a backend having to recover first. */
  public boolean canServeSoon(Need need) {
    return members.stream()
        .anyMatch(member -> member.isAlive() && !need.barred().contains(member.id()));
  }

  /** Returns whether a backend that could serve the call exists at all, healthy or not. */
  public boolean hasCapableBackend(Need need) {
    return members.stream()
        .anyMatch(member -> !member.isLeaving && !need.barred().contains(member.id()));
  }

  /** Sets a number of slots that was detected. */
  public void slots(int backend, int slots) {
    member(backend).slots = slots;
    member(backend).isCounted = true;
  }

  public int slots(int backend) {
    return member(backend).slots;
  }

  /** Returns whether the number of slots is known. */
  public boolean isCounted(int backend) {
    return member(backend).isCounted;
  }

  /** Returns the id of the backend with that name. */
  public Optional<Integer> find(String name) {
    return members.stream()
        .filter(member -> member.name().equals(name) && !member.isLeaving)
        .map(Member::id)
        .findFirst();
  }

  /**
   * Sets this replica's share of a backend that other replicas use, too. At most {@code share}
   * calls are sent to it until the given time, and {@code evenShare} after it.
   */
  public void share(int backend, int share, long untilNanos, int evenShare) {
    Member member = member(backend);
    member.share = share;
    member.shareUntilNanos = untilNanos;
    member.evenShare = evenShare;
  }

  /**
   * Must be called when no new share can be obtained. The last one is valid until its end, and
   * {@code evenShare} slots after it.
   */
  public void shareEvenly(int backend, int evenShare) {
    member(backend).evenShare = evenShare;
  }

  /**
   * Reduces this replica's slots of a backend to {@code target}, or as far as its running calls
   * allow.
   *
   * @return the maximum that is held from now on
   */
  public int reduceSlots(int backend, int target, long nowNanos) {
    Member member = member(backend);
    int held = Math.max(member.inFlight, Math.min(target, member.mostSlots(nowNanos)));
    member.share = Math.min(member.share, held);
    member.evenShare = Math.min(member.evenShare, held);
    return held;
  }

  /** Returns the number of this replica's calls to a backend. */
  public int inFlight(int backend) {
    return member(backend).inFlight;
  }

  /**
   * Records that a backend returned no text for a prompt that another one with the same model
   * answered. That counts as a failure. On its own, it may have been caused by the prompt.
   */
  public void recordMissingText(int backend, long nowNanos) {
    if (contains(backend)) {
      member(backend).breaker().failedLater(nowNanos);
    }
  }

  /** Records a problem of a backend outside of a call. It cools down until a probe succeeds. */
  public void coolDown(int backend, long nowNanos) {
    if (contains(backend)) {
      member(backend).breaker().coolDown(nowNanos);
    }
  }

  /** Sets whether a backend gets no new calls. Its running calls continue. */
  public void drain(int backend, boolean isDrained) {
    member(backend).isDrained = isDrained;
  }

  public List<View> view() {
    return members.stream()
        .filter(member -> !member.isLeaving)
        .map(member ->
            new View(
                member.name(),
                member.breaker().phase().name(),
                member.slots,
                member.inFlight,
                member.isDrained,
                member.isAlive()))
        .toList();
  }

  private Member member(int backend) {
    return members.stream()
        .filter(member -> member.id() == backend)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no backend " + backend));
  }

  private static boolean isAllowed(Member member, Need need) {
    return !need.avoided().contains(member.id()) && !need.barred().contains(member.id());
  }

  private Slot occupy(Member member, Need need, long nowNanos) {
    routing.called(member);
    member.inFlight++;
    member.prefills++;
    member.notePrefix(need.prefix());
    Slot slot = new Slot(member, false, need.promptTokens(), nowNanos);
    member.isOnTrial = false;
    return slot;
  }

  private void recovered(Member member, long nowNanos) {
    member.breaker().probeSucceeded(nowNanos);
    member.rates().resetRecent();
  }

  private void succeeded(Slot slot, int tokens, long nowNanos) {
    Member member = slot.member;
    member.breaker().callSucceeded(nowNanos);
    if (tokens > 0 && slot.hasFirstToken) {
      double level = (slot.levelAtFirstToken + member.inFlight + 1) / 2.0;
      long took = nowNanos - slot.firstTokenNanos;
      member.rates().decoded(slot.takenNanos, slot.isTrial, tokens, took, level);
      routing.measured(member, tokens);
    }
    boolean isSlow =
        member.rates().slownessSamples() >= SLOW_SAMPLES
            && member.rates().slowness() > config.slowFactor();
    if (isSlow && member.breaker().isUp() && mayEjectForSlowness()) {
      member.breaker().ejectForSlowness(nowNanos);
    }
  }

  /**
   * Returns whether a backend may be ejected for slowness. At most half of the pool may be out of
   * use then: a load that slows all of them down must not empty the pool, and a slow backend is
   * better than none.
   */
  private boolean mayEjectForSlowness() {
    long out =
        members.stream().filter(member -> !member.isLeaving && !member.breaker().isUp()).count();
    long all = members.stream().filter(member -> !member.isLeaving).count();
    return (out + 1) * 2 <= all;
  }
}
