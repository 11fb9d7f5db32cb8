package dev.throng.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One route of the API. Each feature lists its own.
 *
 * @param path may contain parameters in braces
 * @param access who may use it; checked before the handler is called
 */
public record Route(String method, String path, Access access, Consumer<Exchange> handler) {
  /** Who may use a route, and when. */
  public enum Access {
    /** Every client. */
    CLIENT,
    /** Every client, while the server has documents and within its tenant's request rate. */
    QUESTION,
    /** Operators. */
    OPERATOR,
    /** Probes: with any host name, on every port, and even when all connections are in use. */
    HEALTH,
    /** Scrapers, like {@link #HEALTH}, but only on the management port where there is one. */
    METRICS;

    /** Returns whether a request needs neither a known host name nor a free connection. */
    boolean isForChecks() {
      return this == HEALTH || this == METRICS;
    }
  }

  /** Returns the routes of several classes or features, in their order. */
  @SafeVarargs
  public static List<Route> all(List<Route>... parts) {
    List<Route> all = new ArrayList<>();
    for (List<Route> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }

  public static Route get(String path, Access access, Consumer<Exchange> handler) {
    return new Route("GET", path, access, handler);
  }

  public static Route post(String path, Access access, Consumer<Exchange> handler) {
    return new Route("POST", path, access, handler);
  }

  public static Route put(String path, Access access, Consumer<Exchange> handler) {
    return new Route("PUT", path, access, handler);
  }

  public static Route delete(String path, Access access, Consumer<Exchange> handler) {
    return new Route("DELETE", path, access, handler);
  }
}
