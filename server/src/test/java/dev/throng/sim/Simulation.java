package dev.throng.sim;

import dev.throng.cache.AnswerCache;
import dev.throng.config.CacheConfig;
import dev.throng.core.Fingerprint;
import dev.throng.core.Outcome;
import dev.throng.core.QuestionKey;
import dev.throng.core.Ticker;
import dev.throng.flight.SingleFlight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * One run: requests arrive, documents change, clients hang up, generations fail, in an order that
 * the seed decides. After every step, all invariants are checked.
 */
final class Simulation implements Ticker {
  private static final int TENANTS = 2;
  private static final int QUESTIONS = 5;
  private static final int STEPS = 250;
  private static final int MAX_OPEN_REQUESTS = 12;
  private static final int MAX_STEPS_TO_DRAIN = 20_000;
  private static final Duration STEP = Duration.ofMillis(7);

  private final RandomGenerator random;
  private final World world = new World(TENANTS, QUESTIONS);
  private final SingleFlight<SimFlight> flights = new SingleFlight<>();
  private final AnswerCache cache =
      new AnswerCache(new CacheConfig(64 << 20, Duration.ofHours(24)), this);

  private final SimStore store;
  private final SimQueue queue;
  private final List<SimFlight> running = new ArrayList<>();
  private final List<SimRequest> open = new ArrayList<>();
  private final Map<QuestionKey, Long> validatedAt = new HashMap<>();

  /** Prompts whose answer a cancelled flight still cached; another may be generating it. */
  private final Set<Fingerprint> keptByAbandoned = new HashSet<>();

  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private int requests;
  private int flightsCreated;
  private long nowNanos;
  private long digest;

  Simulation(long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.store = new SimStore(this, world);
    this.queue = new SimQueue(this);
  }

  /**
   * Runs to the end.
   *
   * @return a digest of what was advanced, the same for the same seed
   */
  long run() {
    for (int i = 0; i < STEPS; i++) {
      step();
      checkAlways();
    }
    queue.open();
    for (int i = 0; !running.isEmpty() || !open.isEmpty(); i++) {
      check(i < MAX_STEPS_TO_DRAIN, "a request waits forever", open + " " + running);
      nowNanos += STEP.toNanos();
      advance();
      checkAlways();
    }
    checkAtEnd();
    return digest;
  }

  private void step() {
    nowNanos += STEP.toNanos();
    int choice = random.nextInt(100);
    if (choice < 15 && open.size() == MAX_OPEN_REQUESTS) {
      advance();
    } else if (choice < 15) {
      requests++;
      open.add(new SimRequest(this, random.nextInt(TENANTS), random.nextInt(QUESTIONS)));
    } else if (choice < 18) {
      int question = random.nextBoolean() ? random.nextInt(QUESTIONS) : -1;
      publish(random.nextInt(TENANTS), question, random.nextInt(100));
    } else if (choice < 21) {
      hangUp();
    } else if (choice < 24) {
      queue.changeCapacity();
    } else {
      advance();
    }
  }

  private void hangUp() {
    if (!open.isEmpty()) {
      open.get(random.nextInt(open.size())).hangUp();
      open.removeIf(SimRequest::isOver);
    }
  }

  private void publish(int tenant, int question, int prompt) {
    world.publish(tenant, question, prompt);
    int published = question < 0 ? 0 : world.prompt(tenant, question, world.epoch(tenant));
    store.publish(tenant, question, published);
  }

  /** Advances a random request or flight by one step. */
  private void advance() {
    int actors = open.size() + running.size();
    if (actors == 0) {
      return;
    }
    int actor = random.nextInt(actors);
    if (actor < open.size()) {
      open.get(actor).step();
      open.removeIf(SimRequest::isOver);
    } else {
      running.get(actor - open.size()).step();
      running.removeIf(SimFlight::isOver);
    }
    digest = digest * 31 + actor + actors * 1_000L;
  }

  private void checkAlways() {
    long holding = running.stream().filter(SimFlight::holdsPermit).count();
    queue.checkAlways(holding);
    Set<Fingerprint> generating = new HashSet<>();
    for (SimFlight flight : running) {
      check(!flight.isForgotten(), "continues without a client", flight);
      if (flight.isGenerating()) {
        check(generating.add(flight.fingerprint()), "two generations of one prompt", flight);
      }
    }
    validatedAt.forEach((key, epoch) ->
        check(cache.current(key, epoch) != null, "an older validation replaced a newer", epoch));
  }

  private void checkAtEnd() {
    int ended = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    check(ended == requests, "requests without an outcome", requests - ended);
    queue.checkAtEnd();
    check(flights.size() == 0, "flights leaked", flights.size());
  }

  /** Fails the run; the test adds the seed. */
  static void check(boolean holds, String violation, Object where) {
    if (!holds) {
      throw new AssertionError(violation + ": " + where);
    }
  }

  SimFlight newFlight(int tenant, int question, long epoch) {
    return new SimFlight(this, flightsCreated++, tenant, question, epoch);
  }

  void start(SimFlight flight) {
    running.add(flight);
    long same =
        running.stream()
            .filter(other -> !other.isCancelled() && !other.isEnding())
            .filter(other -> other.key().equals(flight.key()))
            .filter(other -> other.joinedEpoch() == flight.joinedEpoch())
            .count();
    // A late request of an earlier epoch may start a second flight: both end soon.
    check(same == 1 || !flight.isOfNewestEpoch(), "two flights for one question and epoch", flight);
  }

  void leave(SimFlight flight) {
    flight.left();
    if (flights.leave(flight)) {
      flight.cancel();
    }
  }

  void startedGenerating(SimFlight flight) {
    check(
        cache.generatedFrom(flight.fingerprint(), World.MADE_FROM).isEmpty()
            || keptByAbandoned.contains(flight.fingerprint()),
        "generates a known answer again",
        flight);
  }

  void kept(SimFlight flight) {
    if (flight.isCancelled()) {
      keptByAbandoned.add(flight.fingerprint());
    }
  }

  void validated(QuestionKey key, long epoch) {
    validatedAt.merge(key, epoch, Math::max);
  }

  void ended(Outcome outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
    digest = digest * 31 + outcome.name().hashCode();
  }

  /** The outcomes of the requests, so that a test can verify that every path was taken. */
  Map<Outcome, Integer> outcomes() {
    return outcomes;
  }

  RandomGenerator random() {
    return random;
  }

  World world() {
    return world;
  }

  SimStore store() {
    return store;
  }

  SingleFlight<SimFlight> flights() {
    return flights;
  }

  AnswerCache cache() {
    return cache;
  }

  SimQueue queue() {
    return queue;
  }

  @Override
  public long nanos() {
    return nowNanos;
  }
}
