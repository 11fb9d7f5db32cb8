package dev.throng.retrieval;

import dev.throng.catalog.LiveDocument;
import dev.throng.core.DayOrMoment;
import dev.throng.core.Metadata;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the fields of a document.
 *
 * <p>A condition does not hold for a document that lacks the field, or whose value has another
 * type, so its negation holds. For a list of texts, one matching text is enough.
 */
public sealed interface Condition {
  /**
   * The field has one of these values. A day as a value matches all of its instants.
   *
   * @param texts those that are dates are also in {@code dates}, because the document's value
   *     determines what they mean
   */
  record AnyOf(
      FilterField field,
      Set<String> texts,
      Set<BigDecimal> numbers,
      Set<Boolean> flags,
      Set<DayOrMoment> dates)
      implements Condition {}

  /**
   * The field lies between two values, one of which may be absent.
   *
   * @param above the lower bound
   * @param below the upper bound
   */
  record Range(FilterField field, @Nullable Bound above, @Nullable Bound below)
      implements Condition {}

  /** The field's text, or its date in UTC in ISO 8601 form, begins with the prefix. */
  record Prefix(FilterField field, String prefix) implements Condition {}

  /** All conditions hold. An empty list always holds. */
  record And(List<Condition> conditions) implements Condition {}

  /** At least one condition holds. */
  record Or(List<Condition> conditions) implements Condition {}

  /** The condition does not hold. */
  record Not(Condition condition) implements Condition {}

  /**
   * A bound of a range. A day as a bound is inside or outside the range as a whole.
   *
   * @param value a number or a text
   * @param date what the text means for dates; null when it is not a date
   * @param isIncluded whether the value itself is in the range
   */
  record Bound(Metadata.Value value, @Nullable DayOrMoment date, boolean isIncluded) {
    public static Bound of(BigDecimal number, boolean isIncluded) {
      return new Bound(new Metadata.Numeric(number), null, isIncluded);
    }

    public static Bound of(String text, boolean isIncluded) {
      return new Bound(new Metadata.Text(text), DayOrMoment.parse(text).orElse(null), isIncluded);
    }
  }

  /**
   * Returns a condition that the field has one of the values.
   *
   * @param values strings, numbers and booleans as they were written
   */
  static Condition anyOf(FilterField field, List<Metadata.Value> values) {
    Set<String> texts = new HashSet<>();
    Set<BigDecimal> numbers = new HashSet<>();
    Set<Boolean> flags = new HashSet<>();
    Set<DayOrMoment> dates = new HashSet<>();
    for (Metadata.Value value : values) {
      switch (value) {
        case Metadata.Text(String text) -> {
          texts.add(text);
          DayOrMoment.parse(text).ifPresent(dates::add);
        }
        case Metadata.Numeric(BigDecimal number) -> numbers.add(number);
        case Metadata.Flag(boolean isTrue) -> flags.add(isTrue);
        case Metadata.Date(DayOrMoment date) -> dates.add(date);
        case Metadata.Texts(List<String> several) -> texts.addAll(several);
      }
    }
    return new AnyOf(
        field, Set.copyOf(texts), Set.copyOf(numbers), Set.copyOf(flags), Set.copyOf(dates));
  }

  /** Returns a condition that the field has this text. */
  static Condition equal(FilterField field, String text) {
    return anyOf(field, List.of(new Metadata.Text(text)));
  }

  /** Returns the conjunction, or the condition itself when there is only one. */
  static Condition and(List<Condition> conditions) {
    List<Condition> flat = new ArrayList<>();
    for (Condition condition : conditions) {
      if (condition instanceof And(List<Condition> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(condition);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new And(List.copyOf(flat));
  }

  /** Returns the disjunction, or the condition itself when there is only one. */
  static Condition or(List<Condition> conditions) {
    List<Condition> flat = new ArrayList<>();
    for (Condition condition : conditions) {
      if (condition instanceof Or(List<Condition> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(condition);
      }
    }
    return flat.size() == 1 ? flat.getFirst() : new Or(List.copyOf(flat));
  }

  default boolean holds(LiveDocument document) {
    return switch (this) {
      case AnyOf anyOf -> holds(anyOf, anyOf.field().of(document));
      case Range range -> holds(range, range.field().of(document));
      case Prefix prefix -> holds(prefix, prefix.field().of(document));
      case And(List<Condition> conditions) ->
          conditions.stream().allMatch(condition -> condition.holds(document));
      case Or(List<Condition> conditions) ->
          conditions.stream().anyMatch(condition -> condition.holds(document));
      case Not(Condition condition) -> !condition.holds(document);
    };
  }

  /**
   * Returns the same text for conditions with the same meaning, regardless of the order in which
   * they were written.
   */
  default String canonical() {
    return switch (this) {
      case AnyOf anyOf -> canonical(anyOf);
      case Range(FilterField field, Bound above, Bound below) ->
          "range(" + field.word() + canonical(">", above) + canonical("<", below) + ")";
      case Prefix(FilterField field, String prefix) ->
          "prefix(" + field.word() + " " + quoted(prefix) + ")";
      case And(List<Condition> conditions) -> canonical("and", conditions);
      case Or(List<Condition> conditions) -> canonical("or", conditions);
      case Not(Condition condition) -> "not(" + condition.canonical() + ")";
    };
  }

  private static boolean holds(AnyOf any, Metadata.@Nullable Value value) {
    return switch (value) {
      case null -> false;
      case Metadata.Text(String text) -> any.texts().contains(text);
      case Metadata.Numeric(BigDecimal number) -> any.numbers().contains(number);
      case Metadata.Flag(boolean isTrue) -> any.flags().contains(isTrue);
      case Metadata.Date(DayOrMoment date) ->
          any.dates().contains(DayOrMoment.ofMoment(date.start()))
              || any.dates().contains(DayOrMoment.dayOf(date.start()));
      case Metadata.Texts(List<String> texts) -> texts.stream().anyMatch(any.texts()::contains);
    };
  }

  private static boolean holds(Range range, Metadata.@Nullable Value value) {
    return switch (value) {
      case null -> false;
      case Metadata.Text(String text) -> isWithin(range, text);
      case Metadata.Texts(List<String> texts) ->
          texts.stream().anyMatch(text -> isWithin(range, text));
      case Metadata.Numeric(BigDecimal number) ->
          isAbove(range.above(), number) && isBelow(range.below(), number);
      case Metadata.Date(DayOrMoment date) ->
          isAbove(range.above(), date) && isBelow(range.below(), date);
      case Metadata.Flag flag -> false;
    };
  }

  private static boolean isWithin(Range range, String text) {
    return isAbove(range.above(), text) && isBelow(range.below(), text);
  }

  private static boolean isAbove(@Nullable Bound bound, String text) {
    return bound == null
        || (bound.value() instanceof Metadata.Text(String end)
            && isAbove(text.compareTo(end), bound));
  }

  private static boolean isBelow(@Nullable Bound bound, String text) {
    return bound == null
        || (bound.value() instanceof Metadata.Text(String end)
            && isAbove(end.compareTo(text), bound));
  }

  private static boolean isAbove(@Nullable Bound bound, BigDecimal number) {
    return bound == null
        || (bound.value() instanceof Metadata.Numeric(BigDecimal end)
            && isAbove(number.compareTo(end), bound));
  }

  private static boolean isBelow(@Nullable Bound bound, BigDecimal number) {
    return bound == null
        || (bound.value() instanceof Metadata.Numeric(BigDecimal end)
            && isAbove(end.compareTo(number), bound));
  }

  private static boolean isAbove(int order, Bound bound) {
    return order > 0 || (order == 0 && bound.isIncluded());
  }

  private static boolean isAbove(@Nullable Bound bound, DayOrMoment date) {
    if (bound == null) {
      return true;
    }
    DayOrMoment end = bound.date();
    return end != null && !date.start().isBefore(bound.isIncluded() ? end.start() : end.end());
  }

  private static boolean isBelow(@Nullable Bound bound, DayOrMoment date) {
    if (bound == null) {
      return true;
    }
    DayOrMoment end = bound.date();
    return end != null && date.start().isBefore(bound.isIncluded() ? end.end() : end.start());
  }

  private static boolean holds(Prefix prefix, Metadata.@Nullable Value value) {
    return switch (value) {
      case null -> false;
      case Metadata.Text(String text) -> text.startsWith(prefix.prefix());
      case Metadata.Texts(List<String> texts) ->
          texts.stream().anyMatch(text -> text.startsWith(prefix.prefix()));
      case Metadata.Date(DayOrMoment date) -> date.text().startsWith(prefix.prefix());
      case Metadata.Numeric number -> false;
      case Metadata.Flag flag -> false;
    };
  }

  private static String canonical(AnyOf any) {
    Stream<String> values =
        Stream.of(
                any.texts().stream().map(Condition::quoted),
                any.numbers().stream().map(BigDecimal::toString),
                any.flags().stream().map(flag -> "is " + flag),
                any.dates().stream().map(date -> "at " + date.text()))
            .flatMap(each -> each)
            .sorted();
    return "any(" + any.field().word() + " " + values.collect(Collectors.joining(" ")) + ")";
  }

  private static String canonical(String side, @Nullable Bound bound) {
    if (bound == null) {
      return "";
    }
    String end =
        bound.value() instanceof Metadata.Numeric(BigDecimal number)
            ? number.toString()
            : bound.value() instanceof Metadata.Text(String text) ? quoted(text) : "";
    return " " + side + (bound.isIncluded() ? "= " : " ") + end;
  }

  private static String canonical(String word, List<Condition> conditions) {
    List<String> distinct =
        conditions.stream().map(Condition::canonical).distinct().sorted().toList();
    return distinct.size() == 1
        ? distinct.getFirst()
        : word + "(" + String.join(" ", distinct) + ")";
  }

  /** Returns a text with its length before it, so that it cannot be confused with another. */
  private static String quoted(String text) {
    return text.length() + ":" + text;
  }
}
