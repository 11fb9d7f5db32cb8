package dev.throng.deploy;

/**
 * What the autoscaler sees of each replica.
 *
 * @param cpu as a share of the request
 * @param memory as a share of the request
 * @param isSlow whether a question takes 4 s outside of generation instead of 0.5 s
 * @param inFlight requests
 * @param waitSeconds of the oldest search
 */
record Load(double cpu, double memory, boolean isSlow, double inFlight, double waitSeconds) {
  /** Less than half of what each rule allows. */
  static final Load LOW = new Load(0.3, 0.35, false, 20, 0);

  /** As much memory as a steady replica may use. */
  static final Load STEADY = new Load(0.6, 0.6, false, 80, 0.5);

  static final Load BUSY_CPU = new Load(1.4, 0.35, false, 20, 0);
  static final Load FULL_MEMORY = new Load(0.3, 1.6, false, 20, 0);
  static final Load SLOW = new Load(0.3, 0.35, true, 20, 0);
  static final Load CROWDED = new Load(0.3, 0.35, false, 200, 0);
  static final Load WAITING = new Load(0.3, 0.35, false, 20, 2);
}
