package dev.throng.backend.extractive;

import dev.throng.core.Words;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A text that can be quoted.
 *
 * @param passage index of its passage
 * @param position among all texts
 * @param text as it is quoted
 * @param topic the heading or label directly above it
 * @param near its stems, and those of the topic
 * @param above the other stems of the headings above it and of the document's name
 * @param nearWords its words, and those of the topic
 * @param aboveWords the words of the headings above it and of the document's name
 */
record Quotable(
    int passage,
    int position,
    String text,
    String topic,
    Set<String> near,
    Set<String> above,
    Set<String> nearWords,
    Set<String> aboveWords) {

  /** A number with its decimals is one word. */
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}\\p{Nd}]+(?:[.,]\\p{Nd}+){0,6}");

  /**
   * Creates a quotable text.
   *
   * @param outer the headings above the topic, and the document's name
   */
  static Quotable of(
      int passage,
      int position,
      String text,
      String topic,
      String outer,
      Words words,
      String language) {
    String own = text + '\n' + topic;
    Set<String> near = new HashSet<>(words.of(language, own));
    Set<String> above = new HashSet<>(words.of(language, outer));
    above.removeAll(near);
    return new Quotable(passage, position, text, topic, near, above, wordsOf(own), wordsOf(outer));
  }

  /** Returns the distinct words of a text in lower case, in order. */
  static Set<String> wordsOf(String text) {
    Set<String> found = new LinkedHashSet<>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .forEach(found::add);
    return found;
  }

  /** Returns whether all stems are in it or above it. */
  boolean has(Set<String> stems) {
    return stems.stream().allMatch(stem -> near.contains(stem) || above.contains(stem));
  }

  /** Returns it with its topic, without which a model may not know what it is about. */
  String inContext() {
    return topic.isEmpty() || text.startsWith(topic) ? text : topic + "\n" + text;
  }
}
