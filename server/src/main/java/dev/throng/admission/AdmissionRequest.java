package dev.throng.admission;

import dev.throng.core.Deadline;
import dev.throng.core.Priority;

/**
 * Who asks for a permit.
 *
 * @param tenant whose share it counts against
 * @param deadline by which it must have begun
 */
public record AdmissionRequest(String tenant, Priority priority, Deadline deadline) {}
