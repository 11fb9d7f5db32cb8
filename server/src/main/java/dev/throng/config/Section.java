package dev.throng.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one section. An invalid value is recorded as a problem and replaced by the
 * default, so that one start reports every problem.
 */
final class Section {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");
  private static final String HTTP_URL =
      "an http(s) URL without a password, like http://ollama:11434";
  private static final Pattern REDIS_URL = Pattern.compile("rediss?://[^\\s@]+");
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");
  private static final Pattern WEIGHT = Pattern.compile("([^=]{1,63})=(\\d{1,6})");

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
    return read(key, "one value", value -> value);
  }

  /** Returns a text that matches a pattern as a whole. */
  String matching(String key, String pattern, String expected) {
    return read(key, expected, value -> value.matches(pattern) ? value : null);
  }

  boolean flag(String key) {
    return read(
        key,
        "true or false",
        value ->
            switch (value) {
              case "true" -> true;
              case "false" -> false;
              default -> null;
            });
  }

  int integer(String key, int min, int max) {
    return read(
        key,
        "a whole number from %d to %d".formatted(min, max),
        value -> parseInteger(value, min, max));
  }

  /** Returns an integer, or 0 for "auto". */
  int integerOrAuto(String key, int min, int max) {
    return read(
        key,
        "auto, or an integer from %d to %d".formatted(min, max),
        value -> value.equals("auto") ? Integer.valueOf(0) : parseInteger(value, min, max));
  }

  private static @Nullable Integer parseInteger(String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      return number >= min && number <= max ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  double number(String key, double min, double max) {
    return read(
        key,
        "a number from %s to %s".formatted(min, max),
        value -> {
          try {
            double number = Double.parseDouble(value);
            return number >= min && number <= max ? number : null;
          } catch (NumberFormatException e) {
            return null;
          }
        });
  }

  Duration duration(String key, Duration min, Duration max) {
    return read(
        key,
        "a duration from %s to %s".formatted(text(min), text(max)),
        value -> {
          Matcher parts = DURATION.matcher(value);
          if (!parts.matches()) {
            return null;
          }
          long amount = Long.parseLong(parts.group(1));
          Duration duration =
              switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
              };
          return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0 ? duration : null;
        });
  }

  /** Returns a size in bytes, which is written with its unit. */
  long bytes(String key, long min, long max) {
    return read(
        key,
        "a size from %dB to %dB, like 64KiB".formatted(min, max),
        value -> {
          OptionalLong size = parseBytes(value);
          return size.isPresent() && size.getAsLong() >= min && size.getAsLong() <= max
              ? size.getAsLong()
              : null;
        });
  }

  /** Returns a constant of {@code type}, which is written in lower case with '-' for '_'. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return read(key, "one of " + words(type), value -> constant(type, value));
  }

  private static <E extends Enum<E>> @Nullable E constant(Class<E> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equals(value))
        .findFirst()
        .orElse(null);
  }

  private static <E extends Enum<E>> String words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Section::word)
        .collect(Collectors.joining(", "));
  }

  /** Returns constants of {@code type} in the given order, each written as for {@link #choice}. */
  <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
    Setting setting = setting(key);
    List<E> chosen = new ArrayList<>();
    for (int i = 0; i < setting.values().size(); i++) {
      String value = setting.values().get(i);
      E constant = constant(type, value);
      if (constant == null) {
        addProblem(setting, i, "one of " + words(type));
      } else {
        chosen.add(constant);
      }
    }
    return List.copyOf(chosen);
  }

  /** Returns whole numbers by name, each written {@code name=weight}. */
  Map<String, Integer> weights(String key, int max) {
    Setting setting = setting(key);
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (int i = 0; i < setting.values().size(); i++) {
      Matcher parts = WEIGHT.matcher(setting.values().get(i));
      int weight = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
      if (weight < 1 || weight > max) {
        addProblem(setting, i, "NAME=WEIGHT, the weight from 1 to " + max);
      } else {
        weights.put(parts.group(1), weight);
      }
    }
    return Map.copyOf(weights);
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

  String choice(String key, List<String> allowed) {
    return read(
        key,
        "one of " + String.join(", ", allowed),
        value -> allowed.contains(value) ? value : null);
  }

  URI httpUrl(String key) {
    return read(key, HTTP_URL, Section::parseHttpUrl);
  }

  /** Like {@link #httpUrl}, for an entry that cannot inherit the value from a fallback. */
  URI ownHttpUrl(String key) {
    return read(key, HTTP_URL, Section::parseHttpUrl, URI.create("http://missing"));
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

  /** Returns texts that each match a pattern as a whole. */
  List<String> texts(String key, String pattern, String expected) {
    Setting setting = setting(key);
    for (int i = 0; i < setting.values().size(); i++) {
      if (!setting.values().get(i).matches(pattern)) {
        addProblem(setting, i, expected);
      }
    }
    return setting.values();
  }

  /** Returns URLs in the form that Redis clients use. */
  List<String> redisUrls(String key) {
    Setting setting = setting(key);
    for (int i = 0; i < setting.values().size(); i++) {
      if (!REDIS_URL.matcher(setting.values().get(i)).matches()) {
        addProblem(
            setting,
            i,
            "a URL like redis://host:6379, or rediss://host:6379 for TLS; the password goes into redis.password");
      }
    }
    return setting.values();
  }

  List<URI> httpUrls(String key) {
    Setting setting = setting(key);
    List<URI> urls = new ArrayList<>();
    for (int i = 0; i < setting.values().size(); i++) {
      String value = setting.values().get(i);
      URI url = parseHttpUrl(value);
      if (url == null) {
        addProblem(setting, i, HTTP_URL);
      } else {
        urls.add(url);
      }
    }
    return List.copyOf(urls);
  }

  private <T> T read(String key, String expected, Function<String, @Nullable T> parse) {
    T fallback = parse.apply(defaultOf(key).values().getFirst());
    if (fallback == null) {
      throw new IllegalStateException("the default of " + path(name, key) + " is invalid");
    }
    return read(key, expected, parse, fallback);
  }

  private <T> T read(String key, String expected, Function<String, @Nullable T> parse, T fallback) {
    Setting setting = setting(key);
    T value = setting.values().size() == 1 ? parse.apply(setting.values().getFirst()) : null;
    if (value == null) {
      problem(key, expected);
    }
    return value == null ? fallback : value;
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

  private static OptionalLong parseBytes(String value) {
    Matcher parts = BYTES.matcher(value);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (parts.group(2)) {
          case "B" -> 0;
          case "KiB" -> 10;
          case "MiB" -> 20;
          default -> 30;
        };
    long count = Long.parseLong(parts.group(1));
    boolean isTooLarge = count > Long.MAX_VALUE >> shift;
    return isTooLarge ? OptionalLong.empty() : OptionalLong.of(count << shift);
  }

  private static @Nullable URI parseHttpUrl(String value) {
    try {
      URI url = URI.create(value);
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      // A password in a URL would appear wherever the URL is shown: in metrics, errors and the log.
      return isHttp && url.getHost() != null && url.getRawUserInfo() == null ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    if (duration.toSecondsPart() != 0 || duration.isZero()) {
      return duration.toSeconds() + "s";
    }
    return duration.toMinutesPart() == 0 ? duration.toHours() + "h" : duration.toMinutes() + "m";
  }
}
