package dev.throng.admission;

import dev.throng.core.Deadline;
import dev.throng.core.Priority;
import dev.throng.core.Ticker;
import java.time.Duration;

/**
 * A request for a permit.
 *
 * @param tenant the tenant whose share it counts against
 * @param deadline by which it must have started
 * @param askedNanos when the request started, on the system's ticker
 */
public record AdmissionRequest(
    String tenant, Priority priority, Deadline deadline, long askedNanos) {
  /** Creates a request that starts now. */
  public AdmissionRequest(String tenant, Priority priority, Deadline deadline) {
    this(tenant, priority, deadline, Ticker.system().nanos());
  }

  /** Returns the same request with an earlier deadline. */
  public AdmissionRequest within(Duration timeout) {
    return new AdmissionRequest(tenant, priority, deadline.within(timeout), askedNanos);
  }
}
