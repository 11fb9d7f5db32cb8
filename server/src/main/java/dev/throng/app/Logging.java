package dev.throng.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import dev.throng.config.ObserveConfig;
import dev.throng.config.ObserveConfig.LogFormat;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How log lines look. Before it is configured only warnings show, see {@link QuietLogging}. */
public final class Logging {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %msg %kvp%n%ex";
  private static final String VECTORS =
      "org.apache.lucene.internal.vectorization.VectorizationProvider";

  private Logging() {}

  /** Sends what libraries say to the one log, where only warnings show. */
  public static void quiet() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    // Short commands run without the compiler that it misses; `throng doctor` checks for servers.
    context().getLogger(VECTORS).setLevel(Level.ERROR);
  }

  /** Applies the configuration to everything that logs, the HTTP library included. */
  public static void configure(ObserveConfig config) {
    LoggerContext context = context();
    QuietLogging.toStderr(context, encoder(config.logFormat()));
    context.getLogger("dev.throng").setLevel(Level.INFO);
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Encoder<ILoggingEvent> encoder(LogFormat format) {
    return switch (format) {
      case JSON -> {
        JsonEncoder json = new JsonEncoder();
        json.setWithContext(false);
        json.setWithSequenceNumber(false);
        yield json;
      }
      case TEXT -> {
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setPattern(PATTERN);
        yield text;
      }
    };
  }
}
