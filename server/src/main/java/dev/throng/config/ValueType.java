package dev.throng.config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type of the values of settings.
 *
 * @param expected what a value must be, for messages
 * @param parser returns the value that a text stands for, or null when the text is invalid
 */
record ValueType<T>(String expected, Function<String, @Nullable T> parser) {
  static final ValueType<String> TEXT = new ValueType<>("one value", text -> text);

  static final ValueType<Boolean> FLAG =
      new ValueType<>(
          "true or false",
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> null;
              });

  static final ValueType<URI> HTTP_URL =
      new ValueType<>(
          "an http(s) URL without a password, like http://ollama:11434", ValueType::parseHttpUrl);

  static final ValueType<String> REDIS_URL =
      matching(
          "rediss?://[^\\s@]+",
          "a URL like redis://host:6379, or rediss://host:6379 for TLS; the password goes into redis.password");

  static final ValueType<String> REGEX =
      new ValueType<>("a regular expression of Java", ValueType::regex);

  private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern BYTES_FORM = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)");
  private static final Pattern WEIGHT_FORM = Pattern.compile("([^=]{1,63})=(\\d{1,6})");

  /** Returns the value that a text stands for, or null when the text is invalid. */
  @Nullable T parse(String text) {
    return parser.apply(text);
  }

  /** Texts that match a pattern as a whole. */
  static ValueType<String> matching(String regex, String expected) {
    Pattern pattern = Pattern.compile(regex);
    return new ValueType<>(expected, text -> pattern.matcher(text).matches() ? text : null);
  }

  private static @Nullable String regex(String text) {
    try {
      var _ = Pattern.compile(text);
      return text;
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  static ValueType<String> oneOf(List<String> allowed) {
    return new ValueType<>(
        "one of " + String.join(", ", allowed), text -> allowed.contains(text) ? text : null);
  }

  /** Constants of an enum, which are written in lower case with '-' for '_'. */
  static <E extends Enum<E>> ValueType<E> constant(Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    String words = constants.stream().map(ValueType::word).collect(Collectors.joining(", "));
    return new ValueType<>(
        "one of " + words,
        text ->
            constants.stream()
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElse(null));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ValueType<Integer> integer(int min, int max) {
    return new ValueType<>(
        "a whole number from %d to %d".formatted(min, max), text -> parseInteger(text, min, max));
  }

  /** Integers, or "auto" for 0. */
  static ValueType<Integer> integerOrAuto(int min, int max) {
    return new ValueType<>(
        "auto, or an integer from %d to %d".formatted(min, max),
        text -> text.equals("auto") ? Integer.valueOf(0) : parseInteger(text, min, max));
  }

  private static @Nullable Integer parseInteger(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      return number >= min && number <= max ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static ValueType<Double> number(double min, double max) {
    return new ValueType<>(
        "a number from %s to %s".formatted(min, max),
        text -> {
          try {
            double number = Double.parseDouble(text);
            return number >= min && number <= max ? number : null;
          } catch (NumberFormatException e) {
            return null;
          }
        });
  }

  static ValueType<Duration> duration(Duration min, Duration max) {
    return new ValueType<>(
        "a duration from %s to %s".formatted(text(min), text(max)),
        text -> {
          Duration duration = parseDuration(text);
          boolean isValid =
              duration != null && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
          return isValid ? duration : null;
        });
  }

  private static @Nullable Duration parseDuration(String text) {
    Matcher parts = DURATION_FORM.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
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

  /** Sizes in bytes, which are written with their unit. */
  static ValueType<Long> bytes(long min, long max) {
    return new ValueType<>(
        "a size from %dB to %dB, like 64KiB".formatted(min, max),
        text -> {
          Long size = parseBytes(text);
          return size != null && size >= min && size <= max ? size : null;
        });
  }

  private static @Nullable Long parseBytes(String text) {
    Matcher parts = BYTES_FORM.matcher(text);
    if (!parts.matches()) {
      return null;
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
    return isTooLarge ? null : Long.valueOf(count << shift);
  }

  /** Whole numbers by name, each written {@code name=weight}. */
  static ValueType<Map.Entry<String, Integer>> weight(int max) {
    return new ValueType<>(
        "NAME=WEIGHT, the weight from 1 to " + max,
        text -> {
          Matcher parts = WEIGHT_FORM.matcher(text);
          int weight = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
          return weight < 1 || weight > max ? null : Map.entry(parts.group(1), weight);
        });
  }

  private static @Nullable URI parseHttpUrl(String text) {
    try {
      URI url = URI.create(text);
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      // A password in a URL would appear wherever the URL is shown: in metrics, errors and the log.
      return isHttp && url.getHost() != null && url.getRawUserInfo() == null ? url : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
