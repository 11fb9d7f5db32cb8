package dev.throng.observe;

import dev.throng.config.ObserveConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts every HTTP request, and writes a line for each if configured. It never logs text of
 * questions.
 */
public final class RequestLog {
  private static final Logger log = LoggerFactory.getLogger("dev.throng.request");

  private record Kind(String path, int status) {}

  private final ObserveConfig config;
  private final MeterRegistry registry;
  private final Map<Kind, Counter> counters = new ConcurrentHashMap<>();

  public RequestLog(ObserveConfig config, MeterRegistry registry) {
    this.config = config;
    this.registry = registry;
  }

  /**
   * Records a request that has ended.
   *
   * @param path the route, not what the client sent
   */
  public void log(String id, String path, int status, long nanos) {
    counters.computeIfAbsent(new Kind(path, status), this::counter).increment();
    if (config.requestLog()) {
      log.atInfo()
          .addKeyValue("id", id)
          .addKeyValue("path", path)
          .addKeyValue("status", status)
          .addKeyValue("millis", TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3)
          .log("request");
    }
  }

  private Counter counter(Kind kind) {
    return Metric.HTTP_REQUESTS.counter(
        registry, "path", kind.path(), "status", Integer.toString(kind.status()));
  }
}
