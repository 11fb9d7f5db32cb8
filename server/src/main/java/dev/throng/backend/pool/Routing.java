package dev.throng.backend.pool;

import dev.throng.config.PoolConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which backend gets the next call, by one of the policies. Part of {@link PoolState}. */
final class Routing {
  /**
   * Backends whose answer is expected within this factor of the quickest count as equals: measured
   * rates are no more precise, and to prefer the better by a little would leave the others unused.
   */
  private static final double EQUAL = 1.25;

  /** Calls to others after which a backend that is not used is tried again. */
  private static final int CALLS_BEFORE_TRIAL = 50;

  private static final double QUICK = 0.1;
  private static final double FIRST_GUESS_TOKENS = 150;

  private final PoolConfig config;
  private final List<Member> members;
  private double answerTokens = FIRST_GUESS_TOKENS;
  private int turn;

  /** That were given a slot so far. */
  private long calls;

  /**
   * @param members as they are now, whenever it is asked
   */
  Routing(PoolConfig config, List<Member> members) {
    this.config = config;
    this.members = members;
  }

  /** A call is about to go to this backend. */
  void called(Member member) {
    calls++;
    turn = members.indexOf(member) + 1;
  }

  /** A whole answer has shown how quick a backend is. */
  void measured(Member member, int tokens) {
    answerTokens += QUICK * (tokens - answerTokens);
    member.callsWhenMeasured = calls;
  }

  /**
   * The best backend that has a slot free; empty when none has.
   *
   * @param wanted those that may be chosen
   */
  Optional<Member> choose(Need need, long nowNanos, Predicate<Member> wanted) {
    Stream<Member> able =
        members.stream()
            .filter(member -> member.slotsNow(nowNanos, config) > 0)
            .filter(member -> !need.barred().contains(member.id()))
            .filter(wanted);
    Predicate<Member> hasFree = member -> member.inFlight < member.slotsNow(nowNanos, config);
    return switch (config.policy()) {
      // Blind: who is next is next, and when it has no slot free the call waits for it.
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
   * The least busy of those that are expected to be about as quick as the quickest; of equally busy
   * ones that which had the prompt's beginning lately, or else the next in turn.
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
            !member.rates().isKnown() // it gets measured
                || expectedSeconds(member, need) * lightest <= EQUAL * quickest * member.weight())
        .min(
            Comparator.comparingDouble((Member member) -> busyWithOneMore(member, nowNanos))
                .thenComparing(member -> !member.hasPrefix(need.prefix()))
                .thenComparingInt(this::turnsUntil));
  }

  /** What is believed of it may be out of date, and nothing that it does would show that. */
  private boolean isDueForTrial(Member member) {
    return member.rates().isKnown() && calls - member.callsWhenMeasured >= CALLS_BEFORE_TRIAL;
  }

  private double busyWithOneMore(Member member, long nowNanos) {
    return (member.inFlight + 1) / (member.slotsNow(nowNanos, config) * member.weight());
  }

  private double expectedSeconds(Member member, Need need) {
    return member
        .rates()
        .expectedSeconds(
            need.promptTokens(), answerTokens, member.inFlight + 1, member.prefills + 1);
  }
}
