package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Chooses the backend of the next call by one of the policies. Part of {@link PoolState}. */
final class Routing {
  /**
   * Backends whose expected answer is within this factor of the fastest count as equal. Measured
   * rates are not more precise, and a preference for slightly better backends would leave the
   * others unused.
   */
  private static final double EQUAL_FACTOR = 1.25;

  /** Number of calls to others after which an unused backend is tried again. */
  private static final int CALLS_BEFORE_TRIAL = 50;

  private static final double LEARNING_RATE = 0.1;
  private static final double FIRST_GUESS_TOKENS = 150;

  private final PoolConfig config;
  private final List<Member> members;
  private double answerTokens = FIRST_GUESS_TOKENS;
  private int turn;

  /** Number of slots given out so far. */
  private long calls;

  /**
   * Creates a routing.
   *
   * @param members the live list of members
   */
  Routing(PoolConfig config, List<Member> members) {
    this.config = config;
    this.members = members;
  }

  /** Records that a call is about to go to this backend. */
  void called(Member member) {
    calls++;
    turn = members.indexOf(member) + 1;
  }

  /** Records a complete answer, which has shown how fast the backend is. */
  void measured(Member member, int tokens) {
    answerTokens += LEARNING_RATE * (tokens - answerTokens);
    member.callsWhenMeasured = calls;
  }

  /**
   * Returns the best backend with a free slot; empty when none has.
   *
   * @param wanted the backends that may be chosen
   */
  Optional<Member> choose(Need need, long nowNanos, Predicate<Member> wanted) {
    Stream<Member> able =
        members.stream()
            .filter(member -> member.slotsNow(nowNanos) > 0)
            .filter(member -> !need.barred().contains(member.id()))
            .filter(wanted);
    Predicate<Member> hasFree = member -> member.inFlight < member.slotsNow(nowNanos);
    return switch (config.policy()) {
      // Strictly in turn: when the next backend has no free slot, the call waits for it.
      case ROUND_ROBIN -> able.min(Comparator.comparingInt(this::turnsUntil)).filter(hasFree);
      case LEAST_BUSY ->
          able.filter(hasFree)
              .min(Comparator.comparingDouble(m -> m.inFlight / (m.slots * m.weight())));
      case LEAST_WAIT -> leastWait(able.filter(hasFree).toList(), need, nowNanos);
    };
  }

  private int turnsUntil(Member member) {
    return Math.floorMod(members.indexOf(member) - turn, members.size());
  }

  /**
   * Returns the least busy of the backends that are expected to be about as fast as the fastest
   * one. Among equally busy ones, a backend that recently had the prompt's beginning comes first,
   * then the next in turn.
   */
  private Optional<Member> leastWait(List<Member> free, Need need, long nowNanos) {
    Optional<Member> trial = free.stream().filter(this::isDueForTrial).findFirst();
    if (trial.isPresent()) {
      trial.get().callsWhenMeasured = calls;
      trial.get().isOnTrial = true;
      return trial;
    }
    double quickest =
        free.stream()
            .filter(member -> member.rates().isKnown())
            .mapToDouble(member -> expectedSeconds(member, need))
            .min()
            .orElse(Double.MAX_VALUE);
    double lightest = free.stream().mapToDouble(Member::weight).min().orElse(1);
    return free.stream()
        .filter(member ->
            !member.rates().isKnown() // so that it is measured
                || expectedSeconds(member, need) * lightest
                    <= EQUAL_FACTOR * quickest * member.weight())
        .min(
            Comparator.comparingDouble((Member member) -> loadWithOneMore(member, nowNanos))
                .thenComparing(member -> !member.hasPrefix(need.prefix()))
                .thenComparingInt(this::turnsUntil));
  }

  /**
   * Returns whether a backend is due for a trial. Its known rates may be outdated, and without a
   * call nothing would show that.
   */
  private boolean isDueForTrial(Member member) {
    return member.rates().isKnown() && calls - member.callsWhenMeasured >= CALLS_BEFORE_TRIAL;
  }

  private double loadWithOneMore(Member member, long nowNanos) {
    return (member.inFlight + 1) / (member.slotsNow(nowNanos) * member.weight());
  }

  private double expectedSeconds(Member member, Need need) {
    return member
        .rates()
        .expectedSeconds(
            need.promptTokens(), answerTokens, member.inFlight + 1, member.prefills + 1);
  }
}
