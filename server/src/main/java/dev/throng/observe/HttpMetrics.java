package dev.throng.observe;

import dev.throng.core.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Times HTTP requests by route, and counts the failures that clients were told of. */
public final class HttpMetrics {
  private static final int PER_CLASS = 100;
  private static final int CLASSES = 6;
  private static final int SUCCESS = 2;
  private static final int SERVER_ERROR = 5;

  /** The requests of one method and path. */
  public final class RouteMetrics {
    private final String method;
    private final String path;
    private final AtomicReferenceArray<Timer> byClass = new AtomicReferenceArray<>(CLASSES);

    private RouteMetrics(String method, String path) {
      this.method = method;
      this.path = path;
    }

    /** Returns the path of the route. */
    public String path() {
      return path;
    }

    /**
     * Records a request that has ended.
     *
     * @param status of the response
     */
    public void served(int status, long nanos) {
      timer(Math.clamp(status / PER_CLASS, 0, CLASSES - 1)).record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Shows the route before its first request. Otherwise a rate would not see the first failure,
     * which would begin the series.
     */
    public void show() {
      var _ = timer(SUCCESS);
      var _ = timer(SERVER_ERROR);
    }

    /** Series are created on first use, because most routes never have most classes of status. */
    private Timer timer(int statusClass) {
      Timer known = byClass.get(statusClass);
      if (known != null) {
        return known;
      }
      Timer timer =
          Metric.HTTP_REQUESTS.histogram(
              registry, "method", method, "route", path, "status", statusClass + "xx");
      byClass.set(statusClass, timer);
      return timer;
    }
  }

  private final MeterRegistry registry;
  private final EnumCounters<ErrorCode> failures;

  public HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.failures = new EnumCounters<>(registry, Metric.ERRORS, "code", ErrorCode.class);
  }

  /**
   * Returns the metrics of a route.
   *
   * @param method "other" for all methods that the path has no handler for
   * @param path of the route, never what a client sent
   */
  public RouteMetrics route(String method, String path) {
    return new RouteMetrics(method, path);
  }

  /** Counts a request that failed, or an event stream that ended with an error. */
  public void failed(ErrorCode code) {
    failures.increment(code);
  }
}
