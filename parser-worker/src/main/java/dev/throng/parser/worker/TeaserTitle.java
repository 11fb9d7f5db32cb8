package dev.throng.parser.worker;

import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;

/** The titles that sites write above lists of their other pages. */
final class TeaserTitle {
  private static final Pattern TITLE =
      Pattern.compile(
          "(?:you (?:may|might)(?: also)? (?:like|be interested|enjoy)|customers also"
              + "|(?:related|similar|recommended|more)"
              + " (?:articles?|posts?|products?|stories|content|topics|reading|items)\\b"
              + "|read (?:next|more)|up next|recommended for you|more from\\b|keep reading"
              + "|das k\u00f6nnte \\w+|\u00e4hnliche (?:artikel|produkte|beitr\u00e4ge|themen)"
              + "|verwandte (?:artikel|beitr\u00e4ge)|weitere (?:artikel|beitr\u00e4ge)|mehr zum thema"
              + "|auch interessant|lesen \\w+ auch|\u00e0 lire (?:aussi|\u00e9galement)|lire aussi"
              + "|vous aimerez|articles? (?:li\u00e9s|similaires)|art\u00edculos relacionados"
              + "|tambi\u00e9n \\w+ puede|potrebbe interessarti|articoli correlati|lees ook)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** A title is among this many first nodes of its list. */
  private static final int MAX_NODES = 12;

  private static final int MAX_CHARS = 60;

  private TeaserTitle() {}

  /** Returns whether the first words of an element are such a title. */
  static boolean isFirstIn(Element list) {
    String words =
        list.nodeStream()
            .limit(MAX_NODES)
            .map(node -> node instanceof TextNode text ? text.getWholeText().strip() : "")
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
    return words.length() <= MAX_CHARS && TITLE.matcher(words).lookingAt();
  }
}
