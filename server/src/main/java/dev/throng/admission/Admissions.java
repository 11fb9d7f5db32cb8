package dev.throng.admission;

import dev.throng.config.AdmissionConfig;
import dev.throng.observe.AdmissionMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/**
 * What a question may have to wait for, each with a room of its own.
 *
 * @param generations slots of the backends
 * @param retrievals this machine's cores, for embedding and search
 * @param extracts the part of them that degraded answers may take
 */
public record Admissions(Admission generations, Admission retrievals, Admission extracts) {
  private static final int RETRIEVALS_A_CORE = 2;

  /**
   * @param generationSlots as for {@link Admission#Admission}
   */
  public static Admissions of(
      AdmissionConfig config, IntSupplier generationSlots, int cores, MeterRegistry registry) {
    int retrievals =
        config.retrievalSlots() > 0 ? config.retrievalSlots() : RETRIEVALS_A_CORE * cores;
    int extracts = config.extractiveSlots() > 0 ? config.extractiveSlots() : Math.max(1, cores / 2);
    return new Admissions(
        admission(Room.generations(config), generationSlots, registry),
        admission(Room.retrievals(config), () -> retrievals, registry),
        admission(Room.extracts(config), () -> extracts, registry));
  }

  private static Admission admission(Room room, IntSupplier slots, MeterRegistry registry) {
    return new Admission(room, slots, new AdmissionMetrics(registry, room.name()));
  }
}
