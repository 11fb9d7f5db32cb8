package dev.throng.admission;

import dev.throng.admission.Refusal.Reason;
import dev.throng.config.AdmissionConfig;
import dev.throng.observe.AdmissionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The resources that a question may have to wait for, each with a queue of its own.
 *
 * @param generations slots of the backends
 * @param retrievals this machine's cores, for embedding and search
 * @param extracts the part of the cores that degraded answers may use
 */
public record Admissions(Admission generations, Admission retrievals, Admission extracts) {
  /**
   * Retrievals that wait for another machine, which answers many simultaneous ones faster than one
   * after another.
   */
  private static final int REMOTE_RETRIEVALS_PER_CORE = 16;

  /** Short searches are over before the next one has got its slot. */
  private static final int SHORT_RETRIEVALS_PER_CORE = 3;

  /** Returns the queues for a server whose index is part of this process. */
  public static Admissions of(
      AdmissionConfig config, IntSupplier generationSlots, int cores, MeterRegistry registry) {
    IntSupplier retrievalSlots = () -> retrievalSlots(config, cores, false, true);
    return of(config, QueueLimits.UNLIMITED, generationSlots, retrievalSlots, cores, registry);
  }

  /**
   * Returns the queues of a server.
   *
   * @param recoveryWait maximum wait for a backend to recover when all are down
   * @param generationSlots as for {@link Admission#Admission}
   * @param retrievalSlots likewise, for example from {@link #retrievalSlots}
   */
  public static Admissions of(
      AdmissionConfig config,
      Duration recoveryWait,
      IntSupplier generationSlots,
      IntSupplier retrievalSlots,
      int cores,
      MeterRegistry registry) {
    int extracts = config.extractiveSlots() > 0 ? config.extractiveSlots() : Math.max(1, cores / 2);
    return new Admissions(
        admission(QueueLimits.generations(config, recoveryWait), generationSlots, registry),
        admission(QueueLimits.retrievals(config), retrievalSlots, registry),
        admission(QueueLimits.extracts(config), () -> extracts, registry));
  }

  /**
   * Returns how many retrievals are under way at the same time.
   *
   * @param isStoreElsewhere whether searches use another machine's time and not these cores
   * @param areSearchesShort whether searches take less than a millisecond
   */
  public static int retrievalSlots(
      AdmissionConfig config, int cores, boolean isStoreElsewhere, boolean areSearchesShort) {
    if (config.retrievalSlots() > 0) {
      return config.retrievalSlots();
    }
    if (isStoreElsewhere) {
      return REMOTE_RETRIEVALS_PER_CORE * cores;
    }
    return areSearchesShort ? SHORT_RETRIEVALS_PER_CORE * cores : cores + 1;
  }

  /**
   * Returns the number of threads for long searches, as many as are under way at the same time.
   * With an embedded index, each core runs one, and one more waits for the embedding of its
   * question.
   */
  public static int searchThreads(AdmissionConfig config, int cores, boolean isStoreElsewhere) {
    return retrievalSlots(config, cores, isStoreElsewhere, false);
  }

  private static Admission admission(
      QueueLimits limits, IntSupplier slots, MeterRegistry registry) {
    List<String> reasons = Arrays.stream(Reason.values()).map(Reason::code).toList();
    return new Admission(limits, slots, new AdmissionMetrics(registry, limits.name(), reasons));
  }
}
