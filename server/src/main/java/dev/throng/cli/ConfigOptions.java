package dev.throng.cli;

import dev.throng.config.ConfigLoader;
import dev.throng.config.ThrongConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reads the configuration. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (default: the value of THRONG_CONFIG, or none).")
  private @Nullable Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder (default: throng-data in the current folder).")
  private @Nullable String data;

  ThrongConfig load() {
    return load(Map.of());
  }

  /**
   * Loads the configuration.
   *
   * @param flags values from other flags, by dotted path
   */
  ThrongConfig load(Map<String, String> flags) {
    Map<String, String> all = new HashMap<>(flags);
    if (data != null) {
      all.put("data.dir", data);
    }
    String variable = System.getenv("THRONG_CONFIG");
    Path chosen = file != null ? file : variable != null ? Path.of(variable) : null;
    return ConfigLoader.load(chosen, System.getenv(), all);
  }
}
