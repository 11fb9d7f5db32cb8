package dev.throng.observe;

import io.micrometer.core.instrument.MeterRegistry;

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

  private final EnumCounters<Closed> counters;

  public ConnectionMetrics(MeterRegistry registry) {
    this.counters = new EnumCounters<>(registry, Metric.CONNECTIONS_CLOSED, "reason", Closed.class);
  }

  public void closed(Closed reason) {
    counters.increment(reason);
  }
}
