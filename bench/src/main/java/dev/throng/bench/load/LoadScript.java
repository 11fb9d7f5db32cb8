package dev.throng.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throng.bench.rig.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A load test, as Artillery's script in bench/load describes it.
 *
 * @param name of the file, without its ending
 * @param seconds from the start until users stop asking
 * @param killSeconds between two kills of a process; 0 for no kills
 * @param thinkSeconds mean time between an answer and the next question of a user
 * @param streamed share of the questions that are answered as an event stream
 * @param questions number of different questions
 * @param zipf the n-th question is asked 1 / n^zipf times as often as the first
 */
record LoadScript(
    String name,
    double seconds,
    double killSeconds,
    double thinkSeconds,
    double streamed,
    int questions,
    double zipf,
    List<Phase> phases) {
  /**
   * A time during which users arrive, evenly.
   *
   * @param users may be 0
   */
  record Phase(double seconds, int users) {}

  LoadScript {
    phases = List.copyOf(phases);
  }

  /**
   * Reads a script.
   *
   * @param file what distinguishes it from others; the rest is in users.yml beside it
   */
  static LoadScript read(Path file) {
    JsonNode config = Yaml.read(file).path("config");
    JsonNode shared = Yaml.read(file.resolveSibling("users.yml")).at("/config/variables");
    List<Phase> phases = new ArrayList<>();
    for (JsonNode phase : config.path("phases")) {
      phases.add(
          new Phase(
              phase.path("duration").asDouble(phase.path("pause").asDouble()),
              phase.path("arrivalCount").asInt()));
    }
    return new LoadScript(
        file.getFileName().toString().replace(".yml", ""),
        number(config.path("variables"), "seconds"),
        config.path("variables").path("kill_every").asDouble(),
        number(shared, "think"),
        number(shared, "streamed"),
        (int) number(shared, "questions"),
        number(shared, "zipf"),
        phases);
  }

  private static double number(JsonNode variables, String name) {
    JsonNode value = variables.path(name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException(
          "config.variables.%s: \"%s\" (expected: a number)".formatted(name, value.asText()));
    }
    return value.asDouble();
  }

  /** The same with all times shortened so that it takes this long; users still think as long. */
  LoadScript lasting(double shorter) {
    double factor = shorter / seconds;
    return new LoadScript(
        name,
        shorter,
        killSeconds * factor,
        thinkSeconds,
        streamed,
        questions,
        zipf,
        phases.stream().map(phase -> new Phase(phase.seconds() * factor, phase.users())).toList());
  }

  int users() {
    return phases.stream().mapToInt(Phase::users).sum();
  }

  /** Says what it does, in a line. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%d users for %.0f s, thinking %.1f s on average, %.0f %% streamed, %d questions (Zipf %.1f)",
        users(),
        seconds,
        thinkSeconds,
        100 * streamed,
        questions,
        zipf);
  }
}
