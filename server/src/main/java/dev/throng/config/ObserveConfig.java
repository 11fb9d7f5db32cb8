package dev.throng.config;

/** Logging and metrics. Every setting is explained in defaults.yaml. */
public record ObserveConfig(LogFormat logFormat, boolean requestLog) {
  /** The format of log lines. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  static ObserveConfig read(Section section) {
    return new ObserveConfig(
        section.choice("log_format", LogFormat.class), section.flag("request_log"));
  }
}
