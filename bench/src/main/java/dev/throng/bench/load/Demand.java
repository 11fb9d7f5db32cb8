package dev.throng.bench.load;

/**
 * What users want of a service.
 *
 * @param thinkSeconds mean time between an answer and the next question of a user
 * @param hitRate share of the questions that need no generation, 0 to 1
 * @param promptSeconds until a backend has read a prompt and writes the first token
 * @param tokens of an answer on average
 * @param tokensPerSecond of one answer while all slots are busy
 * @param waitSeconds within which 95 % of the generations get a slot
 */
record Demand(
    int users,
    double thinkSeconds,
    double hitRate,
    double promptSeconds,
    double tokens,
    double tokensPerSecond,
    double waitSeconds) {
  /** Returns how long a generation keeps its slot. */
  double slotSeconds() {
    return promptSeconds + tokens / tokensPerSecond;
  }
}
