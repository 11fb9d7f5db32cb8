package dev.throng.config;

/** Logging and metrics. Every setting is explained in defaults.yaml. */
public record ObserveConfig(
    LogFormat logFormat, boolean requestLog, double promptPrice, double generatedPrice) {
  private static final double MAX_PRICE = 1e9;

  /** The format of log lines. */
  public enum LogFormat {
    TEXT,
    JSON
  }

  static ObserveConfig read(Section section) {
    return new ObserveConfig(
        section.choice("log_format", LogFormat.class),
        section.flag("request_log"),
        section.number("prompt_price", 0, MAX_PRICE),
        section.number("generated_price", 0, MAX_PRICE));
  }
}
