package dev.throng.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts connections that did not end normally. */
public final class ConnectionMetrics {
  /** Why a connection was closed. */
  public enum Closed {
    /** The head of a request did not arrive in time. */
    HEAD_LATE,
    /** The body of a request arrived too slowly. */
    BODY_LATE,
    /** The client did not read its response. */
    RESPONSE_UNREAD,
    /** No further request came. */
    IDLE,
    /** All connections were in use, and this one had waited longest for its client. */
    MADE_ROOM,
    /** The client closed the connection in the middle of a request. */
    CLIENT_GONE
  }

  private final Map<Closed, Counter> counters = new EnumMap<>(Closed.class);

  public ConnectionMetrics(MeterRegistry registry) {
    for (Closed reason : Closed.values()) {
      counters.put(
          reason,
          Metric.CONNECTIONS_CLOSED.counter(
              registry, "reason", reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  public void closed(Closed reason) {
    Objects.requireNonNull(counters.get(reason)).increment(); // each reason has a counter
  }
}
