package dev.throng.bench.load;

/**
 * What a service needs for a demand. docs/guide/sizing.md explains the formula.
 *
 * @param questionsPerSecond that the users ask
 * @param busySlots that generate on average
 * @param slots with which generations seldom wait
 * @param cores that the servers use on average
 */
record Capacity(double questionsPerSecond, double busySlots, int slots, double cores) {
  /** CPU time of a server in its first minutes, fitted to six runs of {@link CapacityCheck}. */
  private static final double IDLE_CORES = 0.11;

  private static final double HIT_CPU_SECONDS = 2.2e-3;
  private static final double RETRIEVAL_CPU_SECONDS = 21e-3;
  private static final double TOKEN_CPU_SECONDS = 0.11e-3;

  private static final double RETRIEVAL_SECONDS = 0.02;
  private static final double IDLE_GIB = 0.6;
  private static final double USER_GIB = 0.3 / 1024;

  /** Of the memory that a replica may use, so that a full heap fits in it. */
  private static final double MEMORY_TARGET = 0.6;

  private static final double MAY_WAIT = 0.05;

  static Capacity of(Demand demand) {
    double missRate = 1 - demand.hitRate();
    double slotSeconds = demand.slotSeconds();
    double answerSeconds = missRate * (RETRIEVAL_SECONDS + slotSeconds);
    double questions = demand.users() / (demand.thinkSeconds() + answerSeconds);
    double busy = questions * missRate * slotSeconds;
    double missCpu = RETRIEVAL_CPU_SECONDS + demand.tokens() * TOKEN_CPU_SECONDS;
    double cores =
        IDLE_CORES + questions * (demand.hitRate() * HIT_CPU_SECONDS + missRate * missCpu);
    return new Capacity(questions, busy, slots(busy, slotSeconds, demand.waitSeconds()), cores);
  }

  /** Returns the memory that a replica should be given. */
  static double memoryGib(int users, int replicas) {
    return (IDLE_GIB + (double) users / replicas * USER_GIB) / MEMORY_TARGET;
  }

  /** Returns the fewest slots with which at most 5 % of the generations wait longer. */
  private static int slots(double busy, double slotSeconds, double waitSeconds) {
    int slots = Math.max(1, (int) Math.ceil(busy));
    while (waiting(slots, busy) * Math.exp(-(slots - busy) * waitSeconds / slotSeconds)
        > MAY_WAIT) {
      slots++;
    }
    return slots;
  }

  /** Returns Erlang's probability that all slots are busy; 1 when there are too few. */
  private static double waiting(int slots, double busy) {
    if (busy == 0) {
      return 0;
    }
    if (slots <= busy) {
      return 1;
    }
    double lost = 1; // Erlang B, by recursion over the number of slots
    for (int n = 1; n <= slots; n++) {
      lost = busy * lost / (n + busy * lost);
    }
    return lost / (1 - busy / slots * (1 - lost));
  }
}
