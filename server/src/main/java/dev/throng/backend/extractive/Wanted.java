package dev.throng.backend.extractive;

import dev.throng.core.Names;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer must contain besides the words of its question.
 *
 * @param kinds what the question asks for
 * @param quantity what it asks about, which may lie within a range; null when it has none
 * @param names types and numbers of things in lower case, such as "kd-250" or "aurel 10"
 */
record Wanted(Set<AnswerKind> kinds, @Nullable Quantity quantity, List<String> names) {
  static Wanted by(String question) {
    return new Wanted(
        AnswerKind.of(question), Quantity.of(question).orElse(null), Names.typesIn(question));
  }

  /** Returns how much of what is asked for a text can contain: 0 for nothing, or up to 2.8. */
  double fit(String text) {
    return kinds.stream().filter(kind -> kind.isIn(text)).mapToDouble(AnswerKind::weight).sum();
  }

  /** Returns whether a text is about the quantity, like {@link Quantity#fit}. */
  int quantityFit(String text) {
    return quantity == null ? 0 : quantity.fit(text);
  }

  /** Returns whether the names are in one of several texts. */
  boolean isNamedIn(String... texts) {
    String all = Names.plain(String.join("\n", texts));
    return names.stream().allMatch(all::contains);
  }
}
