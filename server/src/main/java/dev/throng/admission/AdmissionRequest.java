package dev.throng.admission;

import dev.throng.core.Deadline;
import dev.throng.core.Priority;
import dev.throng.core.Ticker;
import java.time.Duration;

/**
 * Who asks for a permit.
 *
 * @param tenant whose share it counts against
 * @param deadline by which it must have begun
 * @param askedNanos when the request began that it is for, on the system's ticker
 */
public record AdmissionRequest(
    String tenant, Priority priority, Deadline deadline, long askedNanos) {
  /** For a request that begins now. */
  public AdmissionRequest(String tenant, Priority priority, Deadline deadline) {
    this(tenant, priority, deadline, Ticker.system().nanos());
  }

  /** The same with an earlier deadline. */
  public AdmissionRequest within(Duration timeout) {
    return new AdmissionRequest(tenant, priority, deadline.within(timeout), askedNanos);
  }
}
