package dev.throng.core;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known about a document beside its text: fields with typed values, given by whoever adds
 * it.
 *
 * @param fields at most {@link #MAX_FIELDS}, by name
 */
public record Metadata(Map<String, Value> fields) {
  public static final Metadata NONE = new Metadata(Map.of());

  public static final int MAX_FIELDS = 64;
  public static final int MAX_TEXT_CHARS = 1_024;
  public static final int MAX_TEXTS = 64;

  /** In all names and texts together: every document's metadata is held in memory. */
  public static final int MAX_CHARS = 16_384;

  /** The one field of a document itself that metadata may set: where it came from. */
  public static final String SOURCE = "source";

  /** Fields that every document has; metadata cannot have other values for them. */
  public static final Set<String> BUILT_IN =
      Set.of("document_id", "uri", "title", "modified_at", "format");

  /** Words of the filter language, in which a name stands where one of these may. */
  public static final Set<String> OPERATORS =
      Set.of("and", "or", "not", "eq", "in", "range", "prefix");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  public static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 400;

  /** The value of a field. */
  public sealed interface Value {}

  /** A text that is no date. */
  public record Text(String text) implements Value {}

  /** A number; 1 and 1.0 are the same. */
  public record Numeric(BigDecimal number) implements Value {
    public Numeric {
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }
  }

  /** True or false. */
  public record Flag(boolean isTrue) implements Value {}

  /** A day or a moment. */
  public record Date(DayOrMoment date) implements Value {}

  /** Several texts, such as tags. */
  public record Texts(List<String> texts) implements Value {
    public Texts {
      texts = List.copyOf(texts);
    }
  }

  /**
   * @throws ThrongException INVALID_FIELD, which names the field below {@code metadata}
   */
  public Metadata {
    fields = Map.copyOf(fields);
    if (fields.size() > MAX_FIELDS) {
      throw ThrongException.invalidField(
          "metadata", fields.size() + " fields", "at most " + MAX_FIELDS);
    }
    int chars = 0;
    for (Map.Entry<String, Value> field : fields.entrySet()) {
      checkName(field.getKey());
      chars += field.getKey().length() + checkedChars(field.getKey(), field.getValue());
    }
    if (chars > MAX_CHARS) {
      throw ThrongException.invalidField(
          "metadata", chars + " characters", "at most " + MAX_CHARS + " in all names and texts");
    }
  }

  /** A string as the value that it is read as: a date when all of it is one. */
  public static Value textOrDate(String text) {
    return DayOrMoment.parse(text).<Value>map(Date::new).orElseGet(() -> new Text(text));
  }

  /** The value of a field, if the document has it. */
  public Optional<Value> get(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Whether a field may have this name, apart from those of {@link #BUILT_IN}. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && !OPERATORS.contains(name);
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw ThrongException.invalidField(
          "metadata",
          "\"" + name.substring(0, Math.min(70, name.length())) + "\"",
          "names of 1 to 64 letters, digits, _ . or -");
    }
    if (BUILT_IN.contains(name) || OPERATORS.contains(name)) {
      throw ThrongException.invalidField(
          "metadata." + name,
          "a name that is taken",
          "another one than "
              + String.join(", ", sorted(BUILT_IN))
              + ", "
              + String.join(", ", sorted(OPERATORS)));
    }
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }

  private static int checkedChars(String name, Value value) {
    String path = "metadata." + name;
    if (name.equals(SOURCE) && !(value instanceof Text)) {
      throw ThrongException.invalidField(path, "no text", "a string that is no date");
    }
    return switch (value) {
      case Text(String text) -> checkedChars(path, text);
      case Numeric(BigDecimal number) -> {
        if (number.precision() > MAX_DIGITS || Math.abs(number.scale()) > MAX_EXPONENT) {
          throw ThrongException.invalidField(
              path, "a number beyond all measure", "at most " + MAX_DIGITS + " digits");
        }
        yield 0;
      }
      case Texts(List<String> texts) -> {
        if (texts.size() > MAX_TEXTS) {
          throw ThrongException.invalidField(path, texts.size() + " texts", "at most " + MAX_TEXTS);
        }
        int chars = 0;
        for (int i = 0; i < texts.size(); i++) {
          chars += checkedChars(path + "[" + i + "]", texts.get(i));
        }
        yield chars;
      }
      case Flag flag -> 0;
      case Date date -> 0;
    };
  }

  private static int checkedChars(String path, String text) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw ThrongException.invalidField(
          path, text.length() + " characters", "at most " + MAX_TEXT_CHARS);
    }
    if (text.codePoints().anyMatch(Metadata::isHalfACharacter)) {
      throw ThrongException.invalidField(path, "half a character", "whole ones");
    }
    return text.length();
  }

  /** Half of a surrogate pair, which no database keeps. */
  private static boolean isHalfACharacter(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
