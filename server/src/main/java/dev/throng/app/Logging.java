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

/**
 * The format of log lines. Before it is configured only warnings are shown, see {@link
 * QuietLogging}.
 */
public final class Logging {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %msg %kvp%n%ex";
  private static final String VECTORS =
      "org.apache.lucene.internal.vectorization.VectorizationProvider";

  private Logging() {}

  /** Sends the log output of libraries to the log, where only warnings are shown. */
  public static void quiet() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    // Hides a warning about vector search, which is irrelevant for short commands. `throng doctor`
    // checks it for servers.
    context().getLogger(VECTORS).setLevel(Level.ERROR);
  }

  /** Applies the configuration to all loggers, including those of the HTTP library. */
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
