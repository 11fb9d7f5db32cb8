package dev.throng.parser.worker;

import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * Gaps that readers see between elements of one line although no blank is between them, such as
 * between the title and the place of a job. A style sheet, which is not read, makes these gaps. The
 * reader must not join the words, nor break a word of which an editor has formatted one part.
 */
final class InlineGap {
  /** Fields and pictures, which always stand apart from the words around them. */
  private static final Set<String> APART =
      Set.of(
          "button",
          "label",
          "input",
          "select",
          "option",
          "optgroup",
          "textarea",
          "img",
          "svg",
          "text",
          "tspan",
          "iframe",
          "canvas",
          "video",
          "audio");

  /** Elements that may be parts of one line, if they are not only formatting. */
  private static final Set<String> PARTS = Set.of("span", "a", "time", "small", "output", "data");

  /** Elements beside which a part stands apart, although they are formatting. */
  private static final Set<String> LABELS = Set.of("b", "strong", "i", "em");

  /** Classes of editors and of typography, which are inside words, too. */
  private static final Pattern TYPOGRAPHY =
      Pattern.compile(
          "^(?:spelle|grame|mso|apple-|hljs|katex|mord|mjx)|^[a-z_]{0,2}\\d*$"
              + "|^(?:letter|char|word|hl)|first-?(?:letter|char)|drop-?cap|small-?cap"
              + "|highlight|match|nobr|nowrap|kern|hyphen|syll",
          Pattern.CASE_INSENSITIVE);

  private static final String CLOSING = ".,;:!?/%'\u2026\u3002\u3001";

  private static final int MAX_DEPTH = 4;

  private InlineGap() {}

  /** Returns whether words before an element are apart from those in it. */
  static boolean isBefore(Element element) {
    String name = element.normalName();
    if (APART.contains(name)) {
      return true;
    }
    Node before = element.previousSibling();
    while (before instanceof Comment) {
      before = before.previousSibling();
    }
    if (before instanceof TextNode text) {
      return name.equals("a") && isNumberBeforeWord(text.getWholeText(), element);
    }
    return before instanceof Element other
        && !isLetter(other)
        && !isLetter(element)
        && (isBetween(other, element) || isChange(other, element));
  }

  /** Returns whether words after an element are apart from those in it. */
  static boolean isAfter(Element element) {
    return APART.contains(element.normalName());
  }

  /** Returns whether a character belongs to the word before it, as a full stop does. */
  static boolean isClosing(int character) {
    return switch (Character.getType(character)) {
      case Character.OTHER_PUNCTUATION -> CLOSING.indexOf(character) >= 0;
      case Character.END_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION -> true;
      default -> false;
    };
  }

  /** Returns whether one kind of word follows another, such as a name after a time. */
  private static boolean isChange(Element one, Element other) {
    boolean isOfDeveloper = one.hasAttr("class") && other.hasAttr("class");
    if (!isOfDeveloper
        || !PARTS.contains(one.normalName())
        || !PARTS.contains(other.normalName())) {
      return false;
    }
    Node last = one;
    for (int i = 0; i < MAX_DEPTH && last instanceof Element inner; i++) {
      last = inner.lastChild();
    }
    String end = last instanceof TextNode text ? text.getWholeText() : "";
    String start = firstText(other);
    if (end.isEmpty() || start.isEmpty()) {
      return false;
    }
    char before = end.charAt(end.length() - 1);
    char after = start.charAt(0);
    return (Character.isLowerCase(before) && Character.isUpperCase(after))
        || (Character.isLetter(before) && Character.isDigit(after))
        || (Character.isDigit(before) && Character.isLetter(after));
  }

  /** Returns the first text of an element, or an empty text if it is not at its beginning. */
  private static String firstText(Element element) {
    Node first = element;
    for (int i = 0; i < MAX_DEPTH && first instanceof Element inner; i++) {
      first = inner.firstChild();
    }
    return first instanceof TextNode text ? text.getWholeText() : "";
  }

  private static boolean isBetween(Element one, Element other) {
    if (isPart(one)) {
      return isPart(other) || LABELS.contains(other.normalName());
    }
    return LABELS.contains(one.normalName()) && isPart(other);
  }

  private static boolean isPart(Element element) {
    String name = element.normalName();
    if (!PARTS.contains(name)) {
      return false;
    }
    if (!name.equals("span")) {
      return !name.equals("a") || element.hasAttr("href");
    }
    // A span with a style alone comes from an editor, and one with a named class from a developer.
    boolean isNamed = !element.className().isBlank();
    return element.attributesSize() == 0
        || element.hasAttr("itemprop")
        || element.hasAttr("role")
        || (isNamed
            && element.classNames().stream().noneMatch(each -> TYPOGRAPHY.matcher(each).find()));
  }

  /** Returns whether an element has one letter only, such as the first one of a chapter. */
  private static boolean isLetter(Element element) {
    return element.childNodeSize() == 1
        && element.firstChild() instanceof TextNode text
        && text.getWholeText().length() == 1
        && Character.isLetter(text.getWholeText().charAt(0));
  }

  /** Returns whether it is a number and a linked word, such as a day and its event. */
  private static boolean isNumberBeforeWord(String text, Element element) {
    String word = firstText(element);
    return !text.isEmpty()
        && !word.isEmpty()
        && Character.isDigit(text.charAt(text.length() - 1))
        && Character.isLetter(word.charAt(0));
  }
}
