package dev.throng.config;

import java.util.List;

/** Thrown for a configuration that cannot be used. It lists everything that is wrong with it. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
