package dev.throng.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one section. An invalid value is recorded as a problem and replaced by the
 * default, so that one start reports every problem.
 */
final class Section {
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");

  private final String name;
  private final String fallback;
  private final Map<String, Setting> settings;
  private final Map<String, Setting> defaults;
  private final List<String> problems;

  Section(
      String name,
      Map<String, Setting> settings,
      Map<String, Setting> defaults,
      List<String> problems) {
    this(name, name, settings, defaults, problems);
  }

  /**
   * Creates a section.
   *
   * @param fallback the section that provides the settings that this one lacks
   */
  private Section(
      String name,
      String fallback,
      Map<String, Setting> settings,
      Map<String, Setting> defaults,
      List<String> problems) {
    this.name = name;
    this.fallback = fallback;
    this.settings = settings;
    this.defaults = defaults;
    this.problems = problems;
  }

  /**
   * Returns the entries of a list whose entries have settings of their own.
   *
   * @param fallback the section next to the list that provides the settings that an entry lacks
   */
  List<Section> entries(String key, String fallback) {
    String list = path(name, key);
    List<Section> entries = new ArrayList<>();
    for (int i = 0; i < setting(key).values().size(); i++) {
      String entry = SettingTree.entry(list, i);
      entries.add(new Section(entry, path(name, fallback), settings, defaults, problems));
    }
    return entries;
  }

  String text(String key) {
    return read(key, ValueType.TEXT);
  }

  /** Returns a text that matches a pattern as a whole. */
  String matching(String key, String pattern, String expected) {
    return read(key, ValueType.matching(pattern, expected));
  }

  boolean flag(String key) {
    return read(key, ValueType.FLAG);
  }

  int integer(String key, int min, int max) {
    return read(key, ValueType.integer(min, max));
  }

  /** Returns an integer, or 0 for "auto". */
  int integerOrAuto(String key, int min, int max) {
    return read(key, ValueType.integerOrAuto(min, max));
  }

  double number(String key, double min, double max) {
    return read(key, ValueType.number(min, max));
  }

  Duration duration(String key, Duration min, Duration max) {
    return read(key, ValueType.duration(min, max));
  }

  /** Returns a size in bytes, which is written with its unit. */
  long bytes(String key, long min, long max) {
    return read(key, ValueType.bytes(min, max));
  }

  /** Returns a constant of {@code type}, which is written in lower case with '-' for '_'. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return read(key, ValueType.constant(type));
  }

  String choice(String key, List<String> allowed) {
    return read(key, ValueType.oneOf(allowed));
  }

  /** Returns constants of {@code type} in the given order, each written as for {@link #choice}. */
  <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
    return readList(key, ValueType.constant(type));
  }

  /** Returns whole numbers by name, each written {@code name=weight}. */
  Map<String, Integer> weights(String key, int max) {
    Map<String, Integer> weights = new HashMap<>();
    readList(key, ValueType.weight(max))
        .forEach(entry -> weights.put(entry.getKey(), entry.getValue()));
    return Map.copyOf(weights);
  }

  /** Returns a file, relative to the server's working directory, or null when none is given. */
  @Nullable Path file(String key) {
    String value = text(key);
    if (value.isEmpty() || Files.isRegularFile(Path.of(value))) {
      return value.isEmpty() ? null : Path.of(value);
    }
    problem(key, "a file that exists");
    return null;
  }

  /**
   * Returns a secret: the setting's value, or the content of the file named by the setting with the
   * suffix {@code _file}.
   */
  Secret secret(String key) {
    String fileKey = key + "_file";
    Path file = file(fileKey);
    try {
      return new Secret(file == null ? text(key) : Files.readString(file).strip());
    } catch (IOException e) {
      problem(fileKey, "a file that can be read");
      return new Secret("");
    }
  }

  URI httpUrl(String key) {
    return read(key, ValueType.HTTP_URL);
  }

  /** Like {@link #httpUrl}, for an entry that cannot inherit the value from a fallback. */
  URI ownHttpUrl(String key) {
    return read(key, ValueType.HTTP_URL, URI.create("http://missing"));
  }

  List<URI> httpUrls(String key) {
    return readList(key, ValueType.HTTP_URL);
  }

  /** Returns URLs in the form that Redis clients use. */
  List<String> redisUrls(String key) {
    return readList(key, ValueType.REDIS_URL);
  }

  /** Returns texts that each match a pattern as a whole. */
  List<String> texts(String key, String pattern, String expected) {
    return readList(key, ValueType.matching(pattern, expected));
  }

  /** Returns regular expressions, which are valid. */
  List<String> patterns(String key) {
    return readList(key, ValueType.REGEX);
  }

  private <T> T read(String key, ValueType<T> type) {
    T fallback = type.parse(defaultOf(key).values().getFirst());
    if (fallback == null) {
      throw new IllegalStateException("the default of " + path(name, key) + " is invalid");
    }
    return read(key, type, fallback);
  }

  private <T> T read(String key, ValueType<T> type, T fallback) {
    Setting setting = setting(key);
    T value = setting.values().size() == 1 ? type.parse(setting.values().getFirst()) : null;
    if (value == null) {
      problem(key, type.expected());
    }
    return value == null ? fallback : value;
  }

  /** Returns the valid items of a list. */
  private <T> List<T> readList(String key, ValueType<T> type) {
    Setting setting = setting(key);
    List<T> values = new ArrayList<>();
    for (int i = 0; i < setting.values().size(); i++) {
      T value = type.parse(setting.values().get(i));
      if (value == null) {
        addProblem(setting, i, type.expected());
      } else {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  /** Records a problem of a value that is syntactically valid. */
  void problem(String key, String expected) {
    Setting setting = setting(key);
    if (setting.equals(defaultOf(key)) && !name.equals(fallback)) {
      problems.add("%s: is missing (expected: %s)".formatted(path(name, key), expected));
      return;
    }
    problems.add(
        "%s: %s: \"%s\" (expected: %s)"
            .formatted(
                setting.location(),
                setting.path(),
                withoutPassword(String.join(", ", setting.values())),
                expected));
  }

  private void addProblem(Setting setting, int item, String expected) {
    problems.add(
        "%s: %s[%d]: \"%s\" (expected: %s)"
            .formatted(
                setting.location(),
                setting.path(),
                item,
                withoutPassword(setting.values().get(item)),
                expected));
  }

  /** Returns a value without its password, for messages. */
  private static String withoutPassword(String value) {
    return USER_INFO.matcher(value).replaceAll("//***@");
  }

  private Setting setting(String key) {
    Setting given = settings.get(path(name, key));
    Setting general = given == null ? settings.get(path(fallback, key)) : given;
    return general == null ? defaultOf(key) : general;
  }

  private Setting defaultOf(String key) {
    Setting setting = defaults.get(path(fallback, key));
    if (setting == null) {
      throw new IllegalStateException(path(name, key) + " is read but not in defaults.yaml");
    }
    return setting;
  }

  private static String path(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }
}
