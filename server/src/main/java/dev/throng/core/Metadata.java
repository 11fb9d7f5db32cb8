package dev.throng.core;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known about a document besides its text: fields with typed values, set by the client that
 * adds the document.
 *
 * @param fields at most {@link #MAX_FIELDS}, by name
 */
public record Metadata(Map<String, Value> fields) {
  public static final Metadata NONE = new Metadata(Map.of());

  public static final int MAX_FIELDS = 64;
  public static final int MAX_TEXT_CHARS = 1_024;
  public static final int MAX_TEXTS = 64;

  /**
   * The limit for all names and texts together. The metadata of every document is held in memory.
   */
  public static final int MAX_CHARS = 16_384;

  /** The only built-in field of a document that metadata may set: where the document came from. */
  public static final String SOURCE = "source";

  /** Fields that every document has. Metadata cannot override them. */
  public static final Set<String> BUILT_IN =
      Set.of("document_id", "uri", "title", "modified_at", "format");

  /**
   * Operators of the filter language. They are not valid field names, because a filter may have
   * either in the same position.
   */
  public static final Set<String> OPERATORS =
      Set.of("and", "or", "not", "eq", "in", "range", "prefix");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  public static final int MAX_DIGITS = 40;
  private static final int MAX_EXPONENT = 400;

  /** The value of a field. */
  public sealed interface Value {}

  /** A text that is not a date. */
  public record Text(String text) implements Value {
    public Text {
      text = UnicodeForms.composed(text);
    }
  }

  /** A number. 1 and 1.0 are equal. */
  public record Numeric(BigDecimal number) implements Value {
    public Numeric {
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }
  }

  /** A boolean. */
  public record Flag(boolean isTrue) implements Value {}

  /** A day or an instant. */
  public record Date(DayOrMoment date) implements Value {}

  /** Several texts, such as tags. */
  public record Texts(List<String> texts) implements Value {
    public Texts {
      texts = texts.stream().map(UnicodeForms::composed).toList();
    }
  }

  /**
   * Checks the fields.
   *
   * @throws ThrongException INVALID_FIELD, naming the field below {@code metadata}
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

  /** Returns a string as a value: a date when the whole string is one, otherwise a text. */
  public static Value textOrDate(String text) {
    return DayOrMoment.parse(text).<Value>map(Date::new).orElseGet(() -> new Text(text));
  }

  /** Returns the value of a field, if the document has it. */
  public Optional<Value> get(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /**
   * Returns whether a field may have this name. Names in {@link #BUILT_IN} are checked separately.
   */
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
          "a reserved name",
          "a name other than "
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
      throw ThrongException.invalidField(
          path, "a value that is not a text", "a string that is not a date");
    }
    return switch (value) {
      case Text(String text) -> checkedChars(path, text);
      case Numeric(BigDecimal number) -> {
        if (number.precision() > MAX_DIGITS || Math.abs(number.scale()) > MAX_EXPONENT) {
          throw ThrongException.invalidField(
              path, "a number that is too long", "at most " + MAX_DIGITS + " digits");
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
    if (text.codePoints().anyMatch(Metadata::isSurrogate)) {
      throw ThrongException.invalidField(path, "an unpaired surrogate", "complete characters");
    }
    return text.length();
  }

  /** Returns whether this is half of a surrogate pair, which databases do not store. */
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
