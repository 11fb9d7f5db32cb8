package dev.throng.observe;

import dev.throng.config.ObserveConfig;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for every HTTP request if configured. It never logs text of questions. */
public final class RequestLog {
  private static final Logger log = LoggerFactory.getLogger("dev.throng.request");

  private final ObserveConfig config;

  public RequestLog(ObserveConfig config) {
    this.config = config;
  }

  /**
   * Records a request that has ended.
   *
   * @param path the route, not what the client sent
   */
  public void log(String id, String path, int status, long nanos) {
    if (config.requestLog()) {
      log.atInfo()
          .addKeyValue("id", id)
          .addKeyValue("path", path)
          .addKeyValue("status", status)
          .addKeyValue("millis", TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3)
          .log("request");
    }
  }
}
